using System.Collections.Concurrent;
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
    private readonly ConcurrentQueue<Visit> _visits = new();
    private long _connected;
    private bool _hasFailed;

    private GetRun(GetOptions options, GetOutput output, Http2FrameTap? tap, byte[]? data)
    {
        (_options, _output, _data) = (options, output, data);
        _client = new Http2ClientOptions
        {
            Connection = options.Connection,
            Tls = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = options.IsInsecure ? (_, _, _, _) => true : null,
                ClientCertificateContext = options.Certificate,
            },
            UnixSocketPath = options.UnixSocketPath,
            ConnectTo = options.ConnectTo,
            ConnectTimeout = options.Timeout,
            ResponseTimeout = options.Timeout,
            // A body may be a stream of events; whoever has had enough of it presses Ctrl-C.
            ResponseBodyPace = null,
            FrameTap = tap,
        };
    }

    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="UserErrorException">A file cannot be read or written, or a server cannot be connected to.</exception>
    public static async Task<int> RunAsync(GetOptions options, Stream standardOutput, CancellationToken cancellation)
    {
        // What is wrong with the command line shows before anybody is connected to.
        _ = (options.HeaderFields(), options.TrailerFields());
        var data = options.DataPath is { } path ? await ReadAsync(path, cancellation) : null;
        using var output = new GetOutput(standardOutput, options);
        using var taps = new GetTaps(options, output);
        var run = new GetRun(options, output, taps.All, data);
        foreach (var server in options.Urls.GroupBy(url => url.GetLeftPart(UriPartial.Authority)))
            await run.AskAsync([.. server], cancellation);
        if (options.ShowsStatistics)
        {
            foreach (var line in GetStatistics.Lines(run._visits))
                output.WriteLine(line);
        }
        if (options.HarPath is { } har)
            WriteArchive(har, taps.Har!, run._visits, output);
        return run._hasFailed ? ExitCode.Failure : ExitCode.Ok;
    }

    private static void WriteArchive(string path, HarLog archive, IEnumerable<Visit> visits, GetOutput output)
    {
        if (path == "-")
        {
            var all = new MemoryStream();
            archive.Write(all, visits);
            output.Write(all.ToArray());
            return;
        }
        try
        {
            OutputFile.Write(path, file => archive.Write(file, visits));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option --har: cannot write '{path}': {failure.Message.TrimEnd('.')}");
        }
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
        try
        {
            await using var connection = await Http2ClientConnection.ConnectAsync(urls[0], _client, cancellation);
            _connected = Stopwatch.GetTimestamp();
            if (_options.IsWebSocket)
                await TunnelRun.TalkAsync(connection, urls[0], _options, _output, cancellation);
            else if (_options.TunnelTo is { } target)
                await TunnelRun.CopyAsync(connection, target, _options, _output, cancellation);
            else
                await Task.WhenAll(urls.SelectMany(url => Enumerable.Range(0, _options.Times).Select(_ => AskAsync(connection, url, cancellation))));
            for (var i = 0; i < _options.Pings; i++)
                _output.WritePing(await connection.PingAsync(cancellation));
            await connection.ShutdownAsync(cancellation);
        }
        catch (Exception failure) when (failure is Http2ConnectException or Http2StreamClosedException or Http2ProtocolException or Http2NotProcessedException)
        {
            throw new UserErrorException(failure.Message.TrimEnd('.'));
        }
    }

    private async Task AskAsync(Http2ClientConnection connection, Uri url, CancellationToken cancellation)
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            var stream = await connection.SendAsync(RequestFor(url), cancellation);
            var pushes = TakePushesAsync(stream, url, cancellation);
            await FollowAsync(new Visit(url, stream, began) { Connected = _connected, SentOctets = _data?.Length ?? 0 }, cancellation);
            await pushes;
        }
        catch (Exception failure) when (failure is IOException or TimeoutException or Http2MisuseException)
        {
            Fail(url, failure.Message);
        }
    }

    private async Task TakePushesAsync(Http2ClientStream stream, Uri url, CancellationToken cancellation)
    {
        var following = new List<Task>();
        await foreach (var pushed in stream.Pushes.WithCancellation(cancellation))
        {
            var visit = new Visit(new Uri(url, pushed.Request.Target), pushed, Stopwatch.GetTimestamp()) { Connected = _connected };
            following.Add(FollowPushAsync(visit, cancellation));
        }
        await Task.WhenAll(following);
    }

    // That a push does not come to its end is no failure of what was asked for.
    private async Task FollowPushAsync(Visit visit, CancellationToken cancellation)
    {
        try
        {
            await FollowAsync(visit, cancellation);
        }
        catch (Exception failure) when (failure is IOException or TimeoutException)
        {
            Complain(visit.Url, $"pushed, but {failure.Message}");
        }
    }

    private async Task FollowAsync(Visit visit, CancellationToken cancellation)
    {
        visit.Head = await visit.Stream.Response;
        visit.Headed = Stopwatch.GetTimestamp();
        await _output.WriteBodyAsync(visit, cancellation);
        visit.Ended = Stopwatch.GetTimestamp();
        _visits.Enqueue(visit);
        _output.WriteResponse(visit);
        if (_options.ExpectedStatus is { } expected && visit.Head.Status != expected)
            Fail(visit.Url, $"status {visit.Head.Status} instead of {expected}");
    }

    private Http2ClientRequest RequestFor(Uri url) =>
        new(_options.Method ?? (_data is null ? "GET" : "POST"), url.PathAndQuery, _options.HeaderFields(), Body())
        {
            Authority = _options.Authority,
            Scheme = _options.Scheme,
            Trailers = _options.TrailerFields(),
            Priority = _options.Priority,
            TakesPushes = true,
        };

    private ResponseBody? Body() => _data is not { } data ? null
        : _options.HidesLength ? ResponseBody.Write(async (writer, cancellation) => await writer.WriteAsync(data, cancellation))
        : ResponseBody.From(data);

    private void Fail(Uri url, string why)
    {
        _hasFailed = true;
        Complain(url, why);
    }

    private static void Complain(Uri url, string why) => Console.Error.WriteLine($"http2: {url}: {why.TrimEnd('.').ReplaceLineEndings(" ")}");
}
