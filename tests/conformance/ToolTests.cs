using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Http2.Shell;
using Http2.Tool;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>The command line of <c>http2 spec</c>: what it understands, what it writes, what it ends with.</summary>
public sealed class ToolTests(CaseTests.Server server) : IClassFixture<CaseTests.Server>
{
    [Fact]
    public void The_flags_of_h2spec_mean_what_they_mean_there()
    {
        var settings = Bind("-h", "example.org", "-p", "8443", "-P", "/x", "-t", "-k", "-S",
            "-o", "5", "--max-header-length", "100", "http2/6.5", "hpack");
        Assert.Equal(("example.org", 8443, "/x"), (settings.Host, settings.Port, settings.Path));
        Assert.True(settings is { Tls: true, Insecure: true, Strict: true, MaxHeaderLength: 100 });
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Timeout);
        Assert.Equal<string>(["http2/6.5", "hpack"], settings.Selectors.AsEnumerable());
    }

    [Theory]
    [InlineData("localhost:8080", "localhost", 8080)]
    [InlineData("[::1]:8080", "::1", 8080)]
    public void The_server_may_be_the_first_word(string word, string host, int port)
    {
        var settings = Bind(word, "generic");
        Assert.Equal((host, port), (settings.Host, settings.Port));
        Assert.Equal<string>(["generic"], settings.Selectors.AsEnumerable());
    }

    [Fact]
    public async Task A_clean_run_ends_with_0_and_writes_every_report()
    {
        using var folder = new Folder();
        Assert.Equal(0, await Run("generic", "--junit-report", folder["j.xml"], "--json", folder["r.json"],
            "--html", folder["r.html"], "--markdown", folder["r.md"]));
        Assert.All(["j.xml", "r.json", "r.html", "r.md"], file => Assert.True(new FileInfo(folder[file]).Length > 500, file));
    }

    [Fact]
    public async Task A_failure_ends_with_1()
    {
        using var mute = new MuteServer();
        Assert.Equal(1, await SpecRun.ExecuteAsync(Bind($"127.0.0.1:{mute.Port}", "generic/1", "-o", "0.2"), default));
    }

    [Fact]
    public async Task A_failure_that_is_expected_ends_with_0_and_a_pass_that_is_not_with_1()
    {
        using var folder = new Folder();
        using var mute = new MuteServer();
        await File.WriteAllTextAsync(folder["known"], "# a server that says nothing\ngeneric/1/1\n");
        Assert.Equal(0, await SpecRun.ExecuteAsync(Bind($"127.0.0.1:{mute.Port}", "generic/1",
            "-o", "0.2", "--expect-failures", folder["known"]), default));
        Assert.Equal(1, await Run("generic/1", "--expect-failures", folder["known"]));
    }

    [Theory]
    [InlineData("htp2/6.5")]
    [InlineData("http2/6.5/99")]
    public async Task A_selector_that_matches_nothing_ends_with_2(string selector) =>
        Assert.Equal(2, (await Assert.ThrowsAsync<UserErrorException>(() => Run(selector))).ExitCode);

    [Fact]
    public async Task Leaving_everything_out_ends_with_2() =>
        Assert.Equal(2, (await Assert.ThrowsAsync<UserErrorException>(() => Run("hpack", "--exclude", "hpack"))).ExitCode);

    [Fact]
    public async Task A_server_that_is_not_there_ends_with_3()
    {
        int port;
        using (var closed = new MuteServer())
            port = closed.Port;
        Assert.Equal(3, (await Assert.ThrowsAsync<UserErrorException>(() => SpecRun.ExecuteAsync(Bind($"127.0.0.1:{port}"), default)))
            .ExitCode);
    }

    [Fact]
    public async Task A_command_that_ends_at_once_ends_with_3() =>
        Assert.Equal(3, (await Assert.ThrowsAsync<UserErrorException>(() => SpecRun.ExecuteAsync(Bind("--exec", "false {port}"), default)))
            .ExitCode);

    [Fact]
    public async Task Cases_of_the_other_edition_are_skipped()
    {
        var options = Bind("http2/5.3.1", "--spec", "rfc9113").Options([]);
        await foreach (var result in ConformanceSuite.RunAsync(server.Demo.Target(tls: false), options))
            Assert.Equal(Verdict.Skipped, result.Verdict);
    }

    [Fact]
    public async Task A_server_behind_a_Unix_socket_is_judged()
    {
        using var folder = new Folder();
        await using var behind = new Http2Server(
            new Http2ServerOptions { Endpoints = [new() { UnixSocketPath = folder["server"] }] },
            (_, _) => new(new Http2Response(200, [], "Hello, World!")));
        await behind.StartAsync();
        Assert.Equal(0, await SpecRun.ExecuteAsync(Bind("--unix", folder["server"], "generic/1", "generic/4"), default));
    }

    [Fact]
    public async Task The_first_failure_ends_a_run_that_is_to_fail_fast()
    {
        using var folder = new Folder();
        using var mute = new MuteServer();
        var words = new[] { $"127.0.0.1:{mute.Port}", "generic", "-o", "0.2", "--fail-fast", "--json", folder["r.json"] };
        Assert.Equal(1, await SpecRun.ExecuteAsync(Bind(words), default));
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(folder["r.json"]));
        Assert.Equal(1, report.RootElement.GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Every_case_runs_as_often_as_it_is_asked_for()
    {
        var options = Bind("generic/3.7", "--repeat", "3", "--parallel", "2").Options([]);
        var attempts = new List<int>();
        await foreach (var result in ConformanceSuite.RunAsync(server.Demo.Target(tls: false), options))
            attempts.Add(result.Attempt);
        Assert.Equal([1, 2, 3], attempts);
    }

    private static SpecSettings Bind(params string[] words)
    {
        var root = new RootCommand { SpecCommand.Create() };
        var parsed = root.Parse(["spec", .. words]);
        Assert.Empty(parsed.Errors);
        return SpecCommand.Bind(parsed);
    }

    private Task<int> Run(params string[] words)
    {
        var target = server.Demo.Target(tls: false);
        return SpecRun.ExecuteAsync(Bind(["-p", $"{target.Port}", "--profile", "demo", .. words]), default);
    }

    /// <summary>Takes connections and says nothing.</summary>
    private sealed class MuteServer : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp);

        public MuteServer()
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _socket.Listen(100);
        }

        public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

        public void Dispose() => _socket.Dispose();
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("http2-spec-");

        public string this[string file] => Path.Combine(_directory.FullName, file);

        public void Dispose() => _directory.Delete(recursive: true);
    }
}
