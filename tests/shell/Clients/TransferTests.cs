using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Large transfers arrive intact while the server's memory stays bounded. <c>HTTP2SPEC_LONG=1</c> makes them 1 GiB instead of 64 MiB.
/// </summary>
public sealed class TransferTests(ITestOutputHelper output) : IAsyncLifetime
{
    // What the server may need on top of what it had after the first request; the transfers are at least as large as that.
    private const long Allowance = 48L << 20;

    private static readonly long Size =
        Environment.GetEnvironmentVariable("HTTP2SPEC_LONG") is { Length: > 0 } and not "0" ? 1L << 30 : 64L << 20;

    private ServeProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await ServeProcess.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [ClientTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_download_arrives_intact_in_bounded_memory(bool tls)
    {
        var before = await WarmUpAsync(tls);
        var (hash, length) = ("", 0L);
        var watch = Stopwatch.StartNew();
        var (exitCode, error) = await ProcessRun.RunAsync(
            new ProcessStartInfo(Client.Path("curl"), ["-sS", .. Protocol(tls), Base(tls) + $"/bytes/{Size}"]),
            async stream => (hash, length) = await HashAsync(stream), seconds: 300);
        Assert.True(exitCode == 0, error);
        Assert.Equal(Size, length);
        Assert.Equal(PatternHash(), hash);
        Report("download", tls, watch.Elapsed, before);
    }

    [ClientTheory("curl")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_upload_arrives_intact_in_bounded_memory(bool tls)
    {
        var before = await WarmUpAsync(tls);
        using var temp = new TemporaryDirectory();
        var file = Path.Combine(temp.FullPath, "body");
        var expected = WriteRandom(file);
        var watch = Stopwatch.StartNew();
        var run = await ProcessRun.RunAsync(
            Client.Path("curl"), ["-sS", .. Protocol(tls), "-T", file, Base(tls) + "/upload"], seconds: 300);
        Assert.True(run.ExitCode == 0, run.ToString());
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(Size, json.RootElement.GetProperty("length").GetInt64());
        Assert.Equal(expected, json.RootElement.GetProperty("sha256").GetString());
        Report("upload", tls, watch.Elapsed, before);
    }

    [ClientFact("curl")]
    public async Task A_client_that_takes_nothing_more_holds_the_server_back()
    {
        var before = await WarmUpAsync(tls: false);
        var (exitCode, _) = await ProcessRun.RunAsync(
            new ProcessStartInfo(
                Client.Path("curl"),
                ["-sS", .. Protocol(false), "--limit-rate", "200K", "--max-time", "3", Base(false) + "/bytes/10000000000"]),
            stream => stream.CopyToAsync(Stream.Null));
        Assert.Equal(28, exitCode); // curl ran into its time limit
        Report("held-back download", false, TimeSpan.FromSeconds(3), before);
    }

    private string Base(bool tls) => tls ? _server.Https : _server.Http;

    private static string[] Protocol(bool tls) => tls ? ["-k", "--http2"] : ["--http2-prior-knowledge"];

    private async Task<long> WarmUpAsync(bool tls)
    {
        var run = await ProcessRun.RunAsync(Client.Path("curl"), ["-sS", .. Protocol(tls), Base(tls) + "/big", "-o", "/dev/null"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return _server.PeakMemory();
    }

    private void Report(string what, bool tls, TimeSpan time, long before)
    {
        var after = _server.PeakMemory();
        output.WriteLine(
            $"{what} {(tls ? "TLS" : "cleartext")}: {Size >> 20} MiB, {time.TotalSeconds:0.0} s, "
            + $"peak memory {before >> 20} MiB before, {after >> 20} MiB after");
        Assert.True(after - before < Allowance, $"peak memory grew from {before >> 20} to {after >> 20} MiB");
    }

    private static string WriteRandom(string file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var stream = File.Create(file);
        var chunk = new byte[1 << 20];
        for (var left = Size; left > 0; left -= chunk.Length)
        {
            RandomNumberGenerator.Fill(chunk);
            hash.AppendData(chunk);
            stream.Write(chunk);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string PatternHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[63 << 14];
        for (var i = 0; i < chunk.Length; i++)
            chunk[i] = Tool.BodyEndpoints.OctetAt(i);
        for (var left = Size; left > 0; left -= chunk.Length)
            hash.AppendData(chunk.AsSpan(0, (int)Math.Min(left, chunk.Length)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<(string Hash, long Length)> HashAsync(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, length) = (new byte[1 << 17], 0L);
        for (int read; (read = await stream.ReadAsync(buffer)) > 0; length += read)
            hash.AppendData(buffer.AsSpan(0, read));
        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }
}
