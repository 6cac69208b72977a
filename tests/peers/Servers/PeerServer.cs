using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Http2.Peers.Tests;

/// <summary>A server of somebody else that serves files, in cleartext with prior knowledge, as a process of its own.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private PeerServer(Process process, DirectoryInfo folder, int port) => (_process, _folder, Address) = (process, folder, new Uri($"http://127.0.0.1:{port}"));

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Starts a server; the test is skipped where it is not installed.</summary>
    /// <param name="program">Its program: nghttpd, nginx, h2o or node.</param>
    /// <param name="files">The files that it serves, by name.</param>
    public static async Task<PeerServer> StartAsync(string program, params (string Name, byte[] Content)[] files)
    {
        var path = Find(program);
        Assert.SkipWhen(path is null, $"{program} is not installed");
        var folder = Directory.CreateTempSubdirectory("http2-peer-");
        // Servers that are started by root read files as somebody else.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        foreach (var (name, content) in files)
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, name), content);
        var port = FreePort();
        var start = new ProcessStartInfo(path!, await ArgumentsAsync(program, port, folder.FullName)) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new PeerServer(process, folder, port);
        await server.WaitAsync(program);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<string[]> ArgumentsAsync(string program, int port, string folder)
    {
        switch (program)
        {
            case "nghttpd":
                return ["--no-tls", "--echo-upload", "-d", folder, $"{port}"];
            case "node":
                return [Path.Combine(AppContext.BaseDirectory, "Servers", "server.mjs"), $"{port}", folder];
            case "nginx":
                return ["-p", folder, "-c", await WriteAsync(
                    folder, $"daemon off; pid pid; error_log stderr; events {{}} http {{ access_log off; server {{ listen 127.0.0.1:{port} http2; root {folder}; }} }}")];
            default:
                return ["-c", await WriteAsync(
                    folder, $"listen: {{ host: 127.0.0.1, port: {port} }}\nhosts: {{ default: {{ paths: {{ /: {{ file.dir: {folder} }} }} }} }}\n")];
        }
    }

    private static async Task<string> WriteAsync(string folder, string text)
    {
        var file = Path.Combine(folder, "server.conf");
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task WaitAsync(string program)
    {
        for (var began = Stopwatch.GetTimestamp(); ;)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Address.Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited && Stopwatch.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(20);
            }
            catch (SocketException)
            {
                await DisposeAsync();
                throw new InvalidOperationException($"{program} did not start");
            }
        }
    }
}
