using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class SampleTests
{
    [Theory]
    [InlineData("Hello.CSharp")]
    [InlineData("Hello.FSharp")]
    public async Task A_sample_pushes_its_style_sheet_answers_with_a_stream_and_ends_in_good_order(string sample)
    {
        using var files = new PemDirectory();
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, $"{sample}.dll"), files.CertificateFile, files.KeyFile, "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync().Soon();
            if (line is null)
                Assert.Fail(await process.StandardError.ReadToEndAsync());
            Assert.StartsWith("listening on ", line);
            await Use(new Uri(line["listening on ".Length..]));
            Assert.Equal(0, kill(process.Id, 15));
            await process.WaitForExitAsync().Soon();
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static async Task Use(Uri uri)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(uri.Host, uri.Port).Soon();
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] }).Soon();
        await using var client = await RawClient.OverAsync(stream);
        var id = await client.RequestAsync("/");
        var promise = await client.Until<ConnectionEvent.PushPromised>();
        Assert.Equal("/css/style.css", Encoding.ASCII.GetString(promise.Head.Path));
        Assert.Equal("text/css", RawClient.Value(promise.Head.Fields, "content-type"));
        Assert.Equal("body{margin:0;}", await client.Text(promise.Promised));
        var response = await client.Response(id);
        Assert.Equal(200, response.Head.Status);
        Assert.Equal("text/plain", RawClient.Value(response.Head.Fields, "content-type"));
        Assert.Equal("Http2Spec FTW", await client.Text(id));
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
