using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Shell.Tests;

[Collection(DemoServerCollection.Name)]
public sealed class NghttpTests(DemoServer server)
{
    [ClientTheory("nghttp")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_style_sheet_is_pushed(bool tls)
    {
        var run = await NghttpAsync("-nv", server.Base(tls) + "/");
        Assert.Contains("recv PUSH_PROMISE frame", run.Text, StringComparison.Ordinal);
        Assert.Matches(@"recv \(stream_id=\d+\) :path: /style\.css", run.Text);
        Assert.Matches(@"recv \(stream_id=2\) :status: 200", run.Text);
        Assert.Contains("content-type: text/css; charset=utf-8", run.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("RST_STREAM", run.Text, StringComparison.Ordinal);
        Assert.Equal(tls, run.Text.Contains("The negotiated protocol: h2", StringComparison.Ordinal));
    }

    [ClientFact("nghttp")]
    public async Task Three_resources_are_pushed_ahead_of_the_push_page()
    {
        var run = await NghttpAsync("-nv", server.Http + "/push");
        Assert.Equal(3, Regex.Count(run.Text, "recv PUSH_PROMISE frame"));
        Assert.Equal(3, Regex.Count(run.Text, @"recv \(stream_id=[246]\) :status: 200"));
    }

    [ClientFact("nghttp")]
    public async Task A_client_that_disabled_push_gets_none_and_the_page_says_so()
    {
        var run = await NghttpAsync("-v", "--no-push", server.Http + "/");
        Assert.DoesNotContain("PUSH_PROMISE", run.Text, StringComparison.Ordinal);
        Assert.Contains("the client disabled it", run.Text, StringComparison.Ordinal);
    }

    [ClientTheory("nghttp")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Padding_continuation_and_small_windows_do_no_harm(bool tls)
    {
        // -b 100: padding; -w 10: a window of 1,023 octets; --continuation: a field block in pieces, which nghttp reports as one frame
        var run = await NghttpAsync("-v", "--continuation", "-b", "100", "-w", "10", "-W", "10", server.Base(tls) + "/bytes/20000");
        Assert.Matches(@"send HEADERS frame <length=18\d{3},", run.Text); // more than one frame holds
        Assert.Contains(":status: 200", run.Text, StringComparison.Ordinal);
        Assert.True(Regex.Count(run.Text, "send WINDOW_UPDATE frame") > 10, run.Text);
        var data = Regex.Matches(run.Text, @"recv DATA frame <length=(\d+),").Sum(match => int.Parse(match.Groups[1].Value));
        Assert.Equal(20000, data);
    }

    [ClientFact("nghttp")]
    public async Task An_upload_goes_through()
    {
        using var temp = new TemporaryDirectory();
        var run = await NghttpAsync("-d", temp.Write("body", new byte[500_000]), server.Http + "/upload");
        Assert.Contains("\"length\": 500000", run.Text, StringComparison.Ordinal);
    }

    [ClientTheory("h2load")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_load_has_no_failures(bool tls)
    {
        var run = await ProcessRun.RunAsync(
            Client.Path("h2load"), ["-n", "5000", "-c", "5", "-m", "50", server.Base(tls) + "/hello"]);
        Assert.Contains(
            "requests: 5000 total, 5000 started, 5000 done, 5000 succeeded, 0 failed, 0 errored, 0 timeout",
            run.Text, StringComparison.Ordinal);
        Assert.Contains("5000 2xx", run.Text, StringComparison.Ordinal);
    }

    private static async Task<ProcessRun> NghttpAsync(params string[] arguments)
    {
        var run = await ProcessRun.RunAsync(Client.Path("nghttp"), arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
