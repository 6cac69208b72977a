using System.Diagnostics;
using System.Net.Security;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Runs <c>http2 get</c>: a connection for each server, all requests at once, and what came of them.</summary>
internal sealed class GetRun
{
    private readonly GetOptions _options;
    private readonly GetOutput _output;
    private readonly Http2ClientOptions _client;
    private readonly byte[]? _data;
    private bool _hasFailed;

    private GetRun(GetOptions options, GetOutput output, Http2ClientOptions client, byte[]? data) =>
        (_options, _output, _client, _data) = (options, output, client, data);

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public static async Task<int> RunAsync(GetOptions options, Stream standardOutput, CancellationToken cancellation)
    {
        var data = options.DataPath is { } path ? await ReadAsync(path, cancellation) : null;
        if (options.RecordTo is { } directory)
            OutputFolder.Probe("--record", directory);
        using var output = new GetOutput(standardOutput, options);
        using var recording = options.RecordTo is { } to ? new RecordingTap(to, Console.Error.WriteLine) : null;
        var trace = options.ShowsFrames ? new GetTrace(output) : null;
        var client = new Http2ClientOptions
        {
            Tls = options.IsInsecure ? new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true } : null,
            UnixSocketPath = options.UnixSocketPath,
            ConnectTimeout = options.Timeout,
            ResponseTimeout = options.Timeout,
            FrameTap = (trace, recording) switch
            {
                (null, var second) => second,
                (var first, null) => first,
                var (first, second) => new TapPair(first, second),
            },
        };
        var run = new GetRun(options, output, client, data);
        foreach (var server in options.Urls.GroupBy(url => url.GetLeftPart(UriPartial.Authority)))
            await run.AskAsync([.. server], cancellation);
        return run._hasFailed ? ExitCode.Failure : ExitCode.Ok;
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            if (path != "-")
                return await File.ReadAllBytesAsync(path, cancellation);
            var all = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(all, cancellation);
            return all.ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option --data: cannot read '{path}': {failure.Message.TrimEnd('.')}");
        }
    }

    private async Task AskAsync(List<Uri> urls, CancellationToken cancellation)
    {
        Http2ClientConnection connection;
        try
        {
            connection = await Http2ClientConnection.ConnectAsync(urls[0], _client, cancellation);
        }
        catch (Http2ConnectException failure)
        {
            throw new UserErrorException(failure.Message);
        }
        await using (connection)
        {
            await Task.WhenAll(urls.SelectMany(url => Enumerable.Range(0, _options.Times).Select(_ => AskAsync(connection, url, cancellation))));
            for (var i = 0; i < _options.Pings; i++)
                _output.WritePing(await connection.PingAsync(cancellation));
            await connection.ShutdownAsync(cancellation);
        }
    }

    private async Task AskAsync(Http2ClientConnection connection, Uri url, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var stream = await connection.SendAsync(RequestFor(url), cancellation);
            var head = await stream.Response;
            await _output.WriteBodyAsync(stream, url, cancellation);
            _output.WriteResponse(url, stream, head, Stopwatch.GetElapsedTime(began));
            if (_options.ExpectedStatus is { } expected && head.Status != expected)
                Fail(url, $"status {head.Status} instead of {expected}");
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or Http2MisuseException)
        {
            Fail(url, failure.Message);
        }
    }

    private Http2ClientRequest RequestFor(Uri url)
    {
        try
        {
            return new Http2ClientRequest(
                _options.Method ?? (_data is null ? "GET" : "POST"), url.PathAndQuery, Http2Headers.Of(_options.Headers), _data);
        }
        catch (ArgumentException failure)
        {
            throw UserErrorException.Usage($"option --header: {failure.Message}");
        }
    }

    private void Fail(Uri url, string why)
    {
        _hasFailed = true;
        Console.Error.WriteLine($"http2: {url}: {why.TrimEnd('.').ReplaceLineEndings(" ")}");
    }
}
