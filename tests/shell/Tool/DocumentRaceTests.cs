using System.Net;
using System.Runtime.InteropServices;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Somebody changes names, links and files in the directory while it is served: nothing from outside may come out of it.</summary>
public sealed class DocumentRaceTests : IDisposable
{
    private const string Inside = "inside", Outside = "secret";

    private const int Requests = 3000;

    private readonly TemporaryDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_what_is_inside_comes_out_and_the_descriptors_come_back(bool bounded)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Make();
        using var root = new DocumentRoot(Path.Combine(_temp.FullPath, "root"), Http2ProcessLimits.Current, TimeProvider.System, bounded);
        var site = new FileSite(root);
        await using var serving = await Serving.StartAsync((request, _) => site.AnswerAsync(request));
        using var done = new CancellationTokenSource();
        var writer = Task.Run(() => Swap(done.Token));
        var statuses = await AskAsync(serving.Client());
        await done.CancelAsync();
        await writer;
        Assert.Contains(HttpStatusCode.OK, statuses);
        Assert.Contains(HttpStatusCode.PartialContent, statuses);
        Assert.Empty(serving.Log.Errors);
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); serving.Server.Load.Streams > 0; await Task.Yield())
            Assert.True(watch.Elapsed < Patience.Time);
        root.Dispose();
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); root.OpenFiles > 0; await Task.Yield())
            Assert.True(watch.Elapsed < Patience.Time, $"{root.OpenFiles} files are open still");
    }

    private void Make()
    {
        // Equal lengths, so that no length gives away which is which.
        _temp.Write("outside/page.txt", Outside);
        _temp.Write("root/kept/page.txt", Inside[..Outside.Length]);
        _temp.MakeDirectory("root/made");
        _temp.Link("root/directory", "kept");
        _temp.Link("root/absolute", Path.Combine(_temp.FullPath, "root", "kept"));
        _temp.Link("root/page.txt", "kept/page.txt");
        File.Copy(Path.Combine(_temp.FullPath, "root/kept/page.txt"), Path.Combine(_temp.FullPath, "root/file.txt"));
    }

    private static async Task<HashSet<HttpStatusCode>> AskAsync(HttpClient client)
    {
        var statuses = new HashSet<HttpStatusCode>();
        string[] paths = ["/directory/page.txt", "/absolute/page.txt", "/page.txt", "/file.txt", "/kept/page.txt"];
        foreach (var batch in Enumerable.Range(0, Requests).Chunk(20))
        {
            var answers = await Task.WhenAll(batch.Select(async number =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, paths[number % paths.Length])
                {
                    Version = client.DefaultRequestVersion,
                    VersionPolicy = client.DefaultVersionPolicy,
                };
                if (number % 2 == 0)
                    request.Headers.TryAddWithoutValidation("range", "bytes=0-1,3-5");
                using var response = await client.SendAsync(request);
                return (response.StatusCode, Text: await response.Content.ReadAsStringAsync());
            }));
            foreach (var (status, text) in answers)
            {
                Assert.Contains(status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.PartialContent, HttpStatusCode.NotFound]);
                Assert.DoesNotContain(Outside, text, StringComparison.Ordinal);
                Assert.DoesNotContain("\r\n\r\n" + Outside[..2], text, StringComparison.Ordinal);
                statuses.Add(status);
            }
        }
        return statuses;
    }

    // Each name stands for something inside, then outside, then for a pipe, over and over; every step is one atomic rename.
    private void Swap(CancellationToken until)
    {
        var root = Path.Combine(_temp.FullPath, "root");
        var outside = Path.Combine(_temp.FullPath, "outside");
        var next = Path.Combine(root, "made", "next");
        while (!until.IsCancellationRequested)
        {
            foreach (var (name, inside, away) in new[]
            {
                ("directory", "kept", "../outside"), ("absolute", Path.Combine(root, "kept"), outside),
                ("page.txt", "kept/page.txt", "../outside/page.txt"),
            })
            {
                foreach (var target in new[] { away, inside })
                {
                    File.CreateSymbolicLink(next, target);
                    Assert.Equal(0, rename(next, Path.Combine(root, name)));
                }
            }
            Assert.Equal(0, mkfifo(next, 0x1b6));
            Assert.Equal(0, rename(next, Path.Combine(root, "file.txt")));
            File.CreateSymbolicLink(next, "../outside/page.txt");
            Assert.Equal(0, rename(next, Path.Combine(root, "file.txt")));
            File.Copy(Path.Combine(root, "kept/page.txt"), next);
            Assert.Equal(0, rename(next, Path.Combine(root, "file.txt")));
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int rename(string from, string to);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkfifo(string path, uint mode);
}
