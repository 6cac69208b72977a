using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The built executable, as a person meets it.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("option --port: 'abc' is not a port", "serve", "--port", "abc")]
    [InlineData("option --port: '65536' is not a port", "serve", "--port", "65536")]
    [InlineData("option --tls-port: '-1' is not a port", "serve", "--tls-port", "-1")]
    [InlineData("'--port'", "serve", "--port")]
    [InlineData("'--nonsense'", "serve", "--nonsense")]
    [InlineData("'b'", "serve", "a", "b")]
    [InlineData("--no-tls and --no-cleartext leave nothing to listen on", "serve", "--no-tls", "--no-cleartext")]
    [InlineData("--cert needs --key", "serve", "--cert", "x.pem")]
    [InlineData("--key needs --cert", "serve", "--key", "x.pem")]
    [InlineData("--cert has no use with --no-tls", "serve", "--no-tls", "--cert", "x", "--key", "y")]
    [InlineData("both 7000", "serve", "--port", "7000", "--tls-port", "7000")]
    [InlineData("'/=' is not PATH=URL[,URL]", "serve", "--push", "/=")]
    [InlineData("option --max-body: '-1' is not a number of octets", "serve", "--max-body", "-1")]
    [InlineData("option --max-body: '1M' is not a number of octets", "serve", "--max-body", "1M")]
    [InlineData("option --minutes: 0 is not above 0", "fuzz", "--minutes", "0")]
    [InlineData("option --minutes: NaN is not above 0", "fuzz", "--minutes", "NaN")]
    [InlineData("option --minutes: 1E+300 is not above 0 and at most 525600", "fuzz", "--minutes", "1e300")]
    [InlineData("option --keep: the name of the folder is empty", "fuzz", "--keep", "")]
    [InlineData("argument FILE: the name is empty", "replay", "")]
    [InlineData("there is no command 'serv'", "serv")]
    [InlineData("--help", new string[0])]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(string says, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        run.AssertOneLine(2, says);
    }

    [Theory]
    [InlineData("there is no directory '/no/such/directory'", "serve", "/no/such/directory")]
    [InlineData("--cert '/no/such.pem' does not exist", "serve", "--cert", "/no/such.pem", "--key", "/no/such.key")]
    [InlineData("'no.such.host.invalid' is neither an address nor a name that resolves", "serve", "--bind", "no.such.host.invalid")]
    [InlineData("192.0.2.1", "serve", "--bind", "192.0.2.1", "--port", "0", "--tls-port", "0")]
    [InlineData("nothing to push at '/slow'", "serve", "--push", "/=/slow")]
    [InlineData("option --record: cannot write into '/dev/null/x'", "serve", "--record", "/dev/null/x")]
    [InlineData("option --findings: cannot write into '/dev/null/x'", "fuzz", "--findings", "/dev/null/x")]
    [InlineData("option --corpus: there is no folder '/no/such'", "fuzz", "--corpus", "/no/such")]
    [InlineData("cannot read '/no/such.h2rec'", "replay", "/no/such.h2rec")]
    [InlineData("'/' is a folder; give one of the recordings in it", "replay", "/")]
    [InlineData("not a recording of this version", "replay", "/dev/null")]
    public async Task What_cannot_be_started_is_one_line_and_exit_code_1(string says, params string[] arguments)
    {
        var run = await RunAsync(arguments);
        run.AssertOneLine(1, says);
    }

    [Fact]
    public async Task Output_that_cannot_be_written_ends_a_command_with_exit_code_1()
    {
        var command = new Command("print");
        command.SetAction(int (ParseResult _) => throw new IOException("No space left on device"));
        Assert.Equal(1, await Tool.CommandLine.RunAsync(new RootCommand { command }, ["print"]));
    }

    [Theory]
    [InlineData("--port", "--tls-port")]
    [InlineData("--tls-port", "--port")]
    public async Task A_taken_port_is_named_and_the_other_one_is_not_left_open(string taken, string other)
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var run = await RunAsync("serve", taken, $"{port}", other, "0");
        run.AssertOneLine(1, $"{port}");
    }

    [Fact]
    public async Task Version_and_help_are_printed()
    {
        var version = await RunAsync("--version");
        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", version.Text);
        var help = await RunAsync("serve", "--help");
        Assert.Equal(0, help.ExitCode);
        string[] options = ["--port", "--bind", "--tls-port", "--no-tls", "--no-cleartext", "--cert", "--key", "--push", "--max-body", "-v"];
        Assert.Contains("Exit codes", help.Text, StringComparison.Ordinal);
        Assert.All(options, option => Assert.Contains(option, help.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_signal_ends_it_with_exit_code_0(PosixSignal signal)
    {
        await using var server = await ServeProcess.StartAsync();
        server.Signal(signal);
        Assert.Equal(0, await server.ExitAsync());
        Assert.Equal("", server.Error);
    }

    [ClientFact("sh")]
    public async Task A_job_in_the_background_of_a_script_ignores_SIGINT_as_its_shell_wants_and_heeds_SIGTERM()
    {
        var tool = ServeProcess.After("trap '' INT", ServeProcess.Tool("serve", "--port", "0", "--no-tls"));
        await using var server = await ServeProcess.StartAsync(tool, ["--no-tls"]);
        server.Signal(PosixSignal.SIGINT);
        using var client = PriorKnowledge(server);
        Assert.Equal("Hello, World!", await client.GetStringAsync("/hello"));
        server.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await server.ExitAsync());
    }

    [Fact]
    public async Task A_signal_lets_running_requests_end()
    {
        await using var server = await ServeProcess.StartAsync("-vv");
        using var client = PriorKnowledge(server);
        var slow = client.GetStringAsync("/slow/1500");
        await server.SeeAsync(":path: /slow/1500");
        server.Signal(PosixSignal.SIGTERM);
        Assert.Contains("answered after 1500 ms", await slow, StringComparison.Ordinal);
        Assert.Equal(0, await server.ExitAsync());
        Assert.Contains("send GOAWAY frame", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_does_not_wait()
    {
        await using var server = await ServeProcess.StartAsync("-vv");
        using var client = PriorKnowledge(server);
        var slow = client.GetStringAsync("/slow/600000");
        await server.SeeAsync(":path: /slow/600000");
        server.Signal(PosixSignal.SIGTERM);
        await server.SeeAsync("send GOAWAY frame");
        server.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await server.ExitAsync());
        await Assert.ThrowsAnyAsync<Exception>(() => slow);
    }

    [Fact]
    public async Task Only_the_protocols_asked_for_are_listened_for()
    {
        await using var cleartext = await ServeProcess.StartAsync("--no-tls");
        Assert.DoesNotContain("https", cleartext.Output, StringComparison.Ordinal);
        await using var tls = await ServeProcess.StartAsync("--no-cleartext");
        Assert.DoesNotContain("http:", tls.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_for_each_request_with_v()
    {
        await using var server = await ServeProcess.StartAsync("-v");
        using var client = PriorKnowledge(server);
        await client.GetStringAsync("/hello");
        using var posted = await client.PostAsync("/echo", new ByteArrayContent(new byte[100]));
        using var missing = await client.GetAsync("/missing");
        await server.SeeAsync("/missing");
        Assert.Matches(@"(?m)^127\.0\.0\.1:\d+ GET /hello 200 13 B \d+\.\d+ ms$", server.Output);
        Assert.Matches(@"(?m)^127\.0\.0\.1:\d+ POST /echo 200 100 B \d+\.\d+ ms$", server.Output);
        Assert.Matches(@"(?m)^127\.0\.0\.1:\d+ GET /missing 404 \d+ B \d+\.\d+ ms$", server.Output);
        Assert.DoesNotContain("frame <", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_frame_with_v_twice()
    {
        await using var server = await ServeProcess.StartAsync("-v", "-v");
        using var client = PriorKnowledge(server);
        await client.GetStringAsync("/hello");
        await server.SeeAsync("GET /hello 200 13 B");
        string[] seen =
        [
            "recv SETTINGS frame", "send SETTINGS frame", "recv HEADERS frame", ":path: /hello", "send HEADERS frame", ":status: 200",
            "content-type: text/plain", "send DATA frame <length=13,", "; END_STREAM",
        ];
        Assert.All(seen, text => Assert.Contains(text, server.Output, StringComparison.Ordinal));
    }

    private static HttpClient PriorKnowledge(ServeProcess server) => new()
    {
        BaseAddress = new Uri(server.Http),
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(ServeProcess.Tool(arguments), seconds: 30);
}
