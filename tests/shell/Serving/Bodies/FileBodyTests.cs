using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a body of a file holds is given back once, however the body ends.</summary>
public sealed class FileBodyTests
{
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
}
