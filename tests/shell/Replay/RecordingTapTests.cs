using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Http2.Pure;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests.Replay;

/// <summary>Recordings whose folder is in trouble: their connections do not feel it.</summary>
public sealed class RecordingTapTests : IDisposable
{
    private readonly TemporaryDirectory _temp = new();

    private readonly ConcurrentQueue<string> _warnings = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_folder_that_vanishes_costs_connections_nothing()
    {
        var folder = _temp.MakeDirectory("recordings");
        using var tap = new RecordingTap(folder, _warnings.Enqueue);
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { FrameTap = tap });
        await AskAsync(serving, 3);
        Directory.Delete(folder, recursive: true);
        await AskAsync(serving, 20);
        await EmptyAsync(serving);
        Assert.Equal(20, _warnings.Count);
        Assert.All(_warnings, text => Assert.StartsWith($"option --record: a connection is not recorded in '{folder}': ", text));
        Assert.Empty(serving.Log.Errors);
    }

    [Fact]
    public async Task A_folder_that_is_a_file_by_now_or_may_not_be_written_is_the_same()
    {
        var folder = _temp.Write("taken", "by a file");
        using var tap = new RecordingTap(folder, _warnings.Enqueue);
        await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { FrameTap = tap });
        await AskAsync(serving, 3);
        await EmptyAsync(serving);
        Assert.Equal(3, _warnings.Count);
        Assert.Equal("by a file", File.ReadAllText(folder));
    }

    [FullDiskFact]
    public async Task A_disk_that_is_full_ends_recordings_and_costs_connections_nothing()
    {
        var folder = _temp.MakeDirectory("tiny");
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder);
        try
        {
            using var tap = new RecordingTap(folder, _warnings.Enqueue);
            await using (var serving = await Serving.StartAsync(Hello, Serving.Loopback with { FrameTap = tap }))
            {
                await AskAsync(serving, 20, body: 60_000);
                await EmptyAsync(serving);
                Assert.Empty(serving.Log.Errors);
            }
            Assert.Contains(_warnings, text => text.Contains("No space left on device", StringComparison.Ordinal));
            // What is there can be read, up to its last whole entry.
            var kept = Directory.GetFiles(folder, "*.h2rec");
            Assert.NotEmpty(kept);
            Assert.All(kept, file => Assert.NotEmpty(ReplayRun.Read(file).Inputs));
        }
        finally
        {
            await RunAsync("umount", folder);
        }
    }

    [Fact]
    public async Task Recordings_of_an_earlier_run_stay_as_they_are()
    {
        var first = _temp.Write("connection-000001.h2rec", "of an earlier run");
        _temp.Write("important.txt", "important");
        _temp.Link("connection-000002.h2rec", "important.txt");
        using (var tap = new RecordingTap(_temp.FullPath, _warnings.Enqueue))
        {
            await using var serving = await Serving.StartAsync(Hello, Serving.Loopback with { FrameTap = tap });
            await AskAsync(serving, 2);
        }
        Assert.Equal("of an earlier run", File.ReadAllText(first));
        Assert.Equal("important", File.ReadAllText(Path.Combine(_temp.FullPath, "important.txt")));
        foreach (var name in new[] { "connection-000001-2.h2rec", "connection-000002-2.h2rec" })
            Assert.NotEmpty(ReplayRun.Read(Path.Combine(_temp.FullPath, name)).Inputs);
        Assert.Empty(_warnings);
    }

    private static Func<Http2Request, CancellationToken, ValueTask<Http2Response>> Hello { get; } =
        async (request, cancellation) =>
        {
            await request.BodyStream.CopyToAsync(Stream.Null, cancellation);
            return new Http2Response(200, [], "hello");
        };

    private static async Task AskAsync(Serving serving, int connections, int body = 0)
    {
        for (var i = 0; i < connections; i++)
        {
            using var client = serving.Client();
            using var answer = await client.PostAsync("/", new ByteArrayContent(new byte[body]));
            Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
        }
    }

    private static async Task EmptyAsync(Serving serving)
    {
        for (var watch = Stopwatch.StartNew(); serving.Server.ConnectionCount > 0; await Task.Yield())
            Assert.True(watch.Elapsed < Patience.Time, $"{serving.Server.ConnectionCount} connections are held");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var run = await ProcessRun.RunAsync(program, arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    /// <summary>A test that mounts a small disk of its own, which takes Linux and its administrator.</summary>
    private sealed class FullDiskFactAttribute : FactAttribute
    {
        public FullDiskFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
            : base(sourceFilePath, sourceLineNumber)
        {
            if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
                Skip = "only root can mount a disk";
        }
    }
}
