using System.Security.Cryptography;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a body of a file holds is given back once, however the body ends.</summary>
public sealed class FileBodyTests
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(100_000);

    [Theory]
    [InlineData("sent", 100)]
    [InlineData("sent", 1_000_000)]
    [InlineData("reset", 1_000_000)]
    [InlineData("lost", 1_000_000)]
    [InlineData("head", 1_000_000)]
    [InlineData("closed", 1_000_000)]
    [InlineData("shorter", 1_000_000)]
    [InlineData("refused", 100)]
    public async Task The_owner_of_a_file_is_told_once(string how, int length)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, new byte[how == "shorter" ? length / 2 : length]);
            using var file = File.OpenHandle(path);
            if (how == "closed")
                file.Dispose();
            var owner = new Owner();
            await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(
                how == "refused" ? 42 : 200, [], ResponseBody.FromFile(file, 0, length, owner))));
            var client = await RawClient.ConnectAsync(serving);
            client.AutoConsume = how is "sent" or "shorter";
            var id = await client.RequestAsync("/", how == "head" ? "HEAD" : "GET");
            await client.Response(id);
            if (how == "reset")
                await client.ResetAsync(id, ErrorCode.Cancel);
            else if (how != "lost")
                await client.Closed(id);
            await client.DisposeAsync();
            await owner.Told.Soon();
            while (serving.Server.Load.Streams > 0)
                await Task.Yield();
            Assert.Equal(1, owner.Times);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("GET", 1_000_000)]
    [InlineData("HEAD", 1_000_000)]
    [InlineData("GET", 100)]
    public async Task An_owner_that_throws_is_logged_and_harms_nothing(string method, int length)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, new byte[length]);
            using var file = File.OpenHandle(path);
            await using var serving = await Serving.StartAsync((request, _) => new(request.Path == "/"
                ? new Http2Response(200, [], "alive")
                : new Http2Response(200, [], ResponseBody.FromFile(file, 0, length, new Owner { Throws = true }))));
            await using var client = await RawClient.ConnectAsync(serving);
            var id = await client.RequestAsync("/file", method);
            Assert.Equal(200, (await client.Response(id)).Head.Status);
            Assert.Equal(ErrorCode.NoError, await client.Closed(id));
            Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
            while (!serving.Log.Errors.Any())
                await Task.Yield();
            Assert.Contains("cannot be given back", Assert.Single(serving.Log.Errors));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed class Owner : IDisposable
    {
        private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _times;

        public bool Throws { get; init; }

        public int Times => Volatile.Read(ref _times);

        public Task Told => _told.Task;

        public void Dispose()
        {
            Interlocked.Increment(ref _times);
            _told.TrySetResult();
            if (Throws)
                throw new InvalidTimeZoneException("the owner cannot be given back");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(40_000)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    public async Task A_file_of_any_length_arrives_whole_through_narrow_windows_and_wide_ones(int length)
    {
        using var file = new TemporaryFile(Large[..length]);
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], ResponseBody.FromFile(file.Path))));
        foreach (var window in new[] { 1_000, 65_535, 8_000_000 })
        {
            await using var client = await RawClient.ConnectAsync(
                serving, ConnectionOptions.Default with { InitialStreamWindow = window, InitialConnectionWindow = 8_000_000 });
            var ids = new[] { await client.RequestAsync("/"), await client.RequestAsync("/"), await client.RequestAsync("/") };
            foreach (var id in ids)
            {
                Assert.Equal(Large[..length], await client.Body(id));
                Assert.Equal(ErrorCode.NoError, await client.Closed(id));
            }
        }
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_part_of_a_file_is_read_from_where_it_begins_and_the_handle_is_closed_unless_it_stays_open()
    {
        using var file = new TemporaryFile(Large[..1000]);
        using var shared = File.OpenHandle(file.Path);
        using var own = File.OpenHandle(file.Path);
        await using var serving = await Serving.StartAsync((request, _) =>
            new(new Http2Response(200, [], ResponseBody.FromFile(request.Path == "/own" ? own : shared, 10, 20, request.Path != "/own"))));
        await using var client = await RawClient.ConnectAsync(serving);
        foreach (var path in new[] { "/own", "/shared", "/shared" })
            Assert.Equal(Large[10..30], await client.Body(await client.RequestAsync(path)));
        Assert.True(own.IsClosed);
        Assert.False(shared.IsClosed);
    }

    [Theory]
    [InlineData("shorter")]
    [InlineData("closed")]
    [InlineData("used")]
    public async Task A_small_file_that_cannot_be_read_whole_harms_its_stream_only(string what)
    {
        using var file = new TemporaryFile(Large[..1000]);
        using var handle = File.OpenHandle(file.Path);
        if (what == "closed")
            handle.Dispose();
        var body = ResponseBody.FromFile(handle, 0, what == "shorter" ? 2000 : 1000, leaveOpen: true);
        await using var serving = await Serving.StartAsync((request, _) =>
            new(new Http2Response(200, [("x", "y")], request.Path == "/good" ? "good" : body)));
        await using var client = await RawClient.ConnectAsync(serving);
        if (what == "used")
            Assert.Equal(Large[..1000], await client.Body(await client.RequestAsync("/first")));
        var bad = await client.RequestAsync("/bad");
        // What cannot even be opened is answered; what fails while it is sent must not look complete.
        Assert.Equal(what == "shorter" ? 200 : 500, (await client.Response(bad)).Head.Status);
        Assert.Equal(what == "shorter" ? ErrorCode.InternalError : ErrorCode.NoError, await client.Closed(bad));
        Assert.Equal("good", await client.Text(await client.RequestAsync("/good")));
        Assert.NotEmpty(serving.Log.Errors);
    }
}
