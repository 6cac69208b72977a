using System.Diagnostics;
using Xunit;

namespace Http2.Shell.Tests;

[Collection(DemoServerCollection.Name)]
public sealed class ChromiumTests(DemoServer server)
{
    [ClientFact("chromium")]
    public async Task The_demo_page_loads_over_tls()
    {
        var run = await ChromiumAsync("--dump-dom", server.Https + "/");
        Assert.Contains("It speaks HTTP/2.", run.Text, StringComparison.Ordinal);
        Assert.Contains("sec-ch-ua", run.Text, StringComparison.Ordinal);
        // the script ran: it makes the squares
        Assert.True(run.Text.Split("<i></i>").Length > 40, run.ToString());
    }

    [ClientFact("chromium")]
    public async Task Its_forty_eight_requests_at_once_are_all_answered()
    {
        var run = await ChromiumAsync("--dump-dom", "--virtual-time-budget=20000", server.Https + "/#run");
        Assert.Contains("48 of 48 answered in", run.Text, StringComparison.Ordinal);
    }

    [ClientFact("chromium")]
    public async Task The_page_is_painted_with_its_style_sheet()
    {
        using var temp = new TemporaryDirectory();
        var picture = Path.Combine(temp.FullPath, "page.png");
        var run = await ChromiumAsync($"--screenshot={picture}", "--window-size=1100,900", server.Https + "/");
        Assert.True(File.Exists(picture), run.ToString());
        Assert.True(new FileInfo(picture).Length > 20_000, "the picture is all but empty");
    }

    private static async Task<ProcessRun> ChromiumAsync(params string[] arguments)
    {
        using var profile = new TemporaryDirectory();
        var start = new ProcessStartInfo(Client.Path("chromium"),
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--ignore-certificate-errors",
            $"--user-data-dir={profile.FullPath}", .. arguments,
        ]);
        // Whatever proxy this machine has is not for loopback.
        foreach (var name in new[] { "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" })
            start.Environment.Remove(name);
        var run = await ProcessRun.RunAsync(start, seconds: 120);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
