using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>HAProxy in front: its health checks, and what it forwards.</summary>
public sealed class HaproxyTests
{
    /// <summary>By default it asks OPTIONS / of a server without naming it, for an https resource whatever the transport is.</summary>
    [ClientTheory("haproxy")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Its_default_check_finds_the_server_up(bool servesFiles)
    {
        using var temp = new TemporaryDirectory();
        temp.Write("www/x.txt", "x"u8.ToArray());
        string[] directory = servesFiles ? [Path.Combine(temp.FullPath, "www")] : [];
        await using var server = await ServeProcess.StartAsync(directory);
        await using var haproxy = new Haproxy(temp, $"""
            option httpchk
            option log-health-checks
            server cleartext {server.Http["http://".Length..]} check inter 4s proto h2
            server tls {server.Https["https://".Length..]} check inter 4s ssl verify none alpn h2 check-alpn h2
            """);
        foreach (var name in new[] { "cleartext", "tls" })
            await haproxy.SeeAsync($"Health check for server b/{name} succeeded, reason: Layer7 check passed, code: 204");
    }

    [ClientTheory("haproxy")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_forwards_is_served_once_it_is_trusted(bool trusted)
    {
        using var temp = new TemporaryDirectory();
        await using var server = await ServeProcess.StartAsync(trusted ? ["--trust-gateway"] : []);
        await using var haproxy = new Haproxy(temp, $"server s {server.Http["http://".Length..]} proto h2");
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(await haproxy.ListeningAsync()), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var response = await client.GetAsync("http://public.example/hello").Soon();
        Assert.Equal(trusted ? 200 : 421, (int)response.StatusCode);
    }

    private sealed class Haproxy : IAsyncDisposable
    {
        private readonly StringBuilder _output = new();
        private readonly Process _process;
        private readonly string _socket;

        public Haproxy(TemporaryDirectory temp, string backend)
        {
            _socket = Path.Combine(temp.FullPath, "haproxy.sock");
            var configuration = temp.Write("haproxy.cfg", Encoding.UTF8.GetBytes($"""
                global
                  log stdout format raw local0
                defaults
                  mode http
                  log global
                  timeout connect 10s
                  timeout check 10s
                  timeout client 30s
                  timeout server 30s
                frontend f
                  bind {_socket}
                  default_backend b
                backend b
                {backend}

                """));
            _process = new Process
            {
                StartInfo = new ProcessStartInfo(Client.Path("haproxy"), ["-db", "-f", configuration])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                },
            };
            _process.OutputDataReceived += (_, line) => Append(line.Data);
            _process.ErrorDataReceived += (_, line) => Append(line.Data);
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public async Task<string> ListeningAsync()
        {
            for (var watch = Stopwatch.StartNew(); !File.Exists(_socket); await Task.Yield())
                Judge(watch, "it listens");
            return _socket;
        }

        public async Task SeeAsync(string text)
        {
            for (var watch = Stopwatch.StartNew(); !Output().Contains(text, StringComparison.Ordinal); await Task.Yield())
                Judge(watch, text);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
                _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        private void Judge(Stopwatch watch, string what)
        {
            if (_process.HasExited || watch.Elapsed > Patience.Time)
                throw new TimeoutException($"haproxy never said '{what}':\n{Output()}");
        }

        private string Output()
        {
            lock (_output)
                return _output.ToString();
        }

        private void Append(string? line)
        {
            lock (_output)
                _output.AppendLine(line);
        }
    }
}
