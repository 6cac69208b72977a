using System.CommandLine;
using System.Globalization;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>What requests are sent, from the URLs, files and fields of the command line.</summary>
internal static class LoadRequests
{
    private const string UserAgent = "http2-load";
    private const string UnixPrefix = "unix:";

    // RFC 9110 and gRPC: a message that is not compressed, and its length in four octets.
    private const int GrpcPrefix = 5;

    /// <summary>Reads them.</summary>
    /// <returns>Where they go; the Unix domain socket to connect to, or null; the requests in order.</returns>
    /// <exception cref="UserErrorException">They are malformed, or a file cannot be read.</exception>
    public static (Uri Origin, string? Socket, IReadOnlyList<PlannedRequest> Requests) Read(ParseResult parsed)
    {
        var script = parsed.GetValue(LoadCommand.TimingScript);
        List<(TimeSpan At, string Url)> lines = script is not null ? Script(script)
            : parsed.GetValue(LoadCommand.InputFile) is { } file ? [.. ReadLines(LoadCommand.InputFile, file).Select(url => (TimeSpan.Zero, url))]
            : [.. parsed.GetValue(LoadCommand.Urls)!.Select(url => (TimeSpan.Zero, url))];
        if (lines.Count == 0)
            throw UserErrorException.Usage("there is no URL; give one, for example http://127.0.0.1:8080/hello");
        var given = parsed.GetValue(LoadCommand.BaseUri);
        var socket = given?.StartsWith(UnixPrefix, StringComparison.Ordinal) == true ? given[UnixPrefix.Length..] : null;
        if (socket is "")
            throw UserErrorException.Usage($"option {LoadCommand.BaseUri.Name}: the path of the socket is empty; give unix:PATH");
        var origin = Url(given is not null && socket is null ? given : lines[0].Url, null);
        var model = Model(parsed, origin);
        var requests = lines.Select(line => new PlannedRequest(model with { Target = Url(line.Url, origin).PathAndQuery }, line.At)).ToList();
        return (new Uri(origin.GetLeftPart(UriPartial.Authority)), socket, requests);
    }

    // What all requests have in common.
    private static Http2ClientRequest Model(ParseResult parsed, Uri origin)
    {
        var isGrpc = parsed.GetValue(LoadCommand.Grpc);
        var body = parsed.GetValue(LoadCommand.Data) is { } path ? ReadOctets(path) : null;
        if (isGrpc)
            body = Message(body ?? []);
        var fields = new List<(string Name, string Value)> { ("user-agent", UserAgent) };
        if (isGrpc)
            fields.AddRange([("content-type", "application/grpc"), ("te", "trailers")]);
        var model = new Http2ClientRequest(body is null ? "GET" : "POST", origin.PathAndQuery, null, body);
        foreach (var text in parsed.GetValue(LoadCommand.Header)!)
        {
            var (name, value) = Arguments.Field(LoadCommand.Header, text);
            switch (name)
            {
                case ":method":
                    model = model with { Method = value };
                    break;
                case ":scheme":
                    model = model with { Scheme = value };
                    break;
                case ":authority" or "host":
                    model = model with { Authority = value };
                    break;
                default:
                    // Those of ours give way.
                    fields.RemoveAll(field => field.Name == name && field.Name is "user-agent" or "content-type" or "te");
                    fields.Add((name, value));
                    break;
            }
        }
        try
        {
            return model with { Headers = Http2Headers.Of(fields) };
        }
        catch (ArgumentException failure)
        {
            throw UserErrorException.Usage($"option {LoadCommand.Header.Name}: {failure.Message.TrimEnd('.')}");
        }
    }

    private static byte[] Message(byte[] message)
    {
        var framed = new byte[GrpcPrefix + message.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, GrpcPrefix);
        return framed;
    }

    private static Uri Url(string text, Uri? origin)
    {
        if (origin is null && text is ['-', ..])
            throw UserErrorException.Usage($"there is no option '{text}'; see `http2 load --help`");
        // A path alone will do once the server is known.
        var isUrl = origin is not null && text is ['/', ..]
            ? Uri.TryCreate(origin, text, out var url)
            : Uri.TryCreate(text, UriKind.Absolute, out url);
        return isUrl && url!.Scheme is "http" or "https"
            ? url!
            : throw UserErrorException.Usage($"'{text}' is not a URL that begins with http:// or https://");
    }

    private static List<(TimeSpan At, string Url)> Script(string path)
    {
        var lines = new List<(TimeSpan At, string Url)>();
        foreach (var line in ReadLines(LoadCommand.TimingScript, path))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || !double.TryParse(line[..tab], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds)
                || milliseconds > TimeSpan.FromDays(365).TotalMilliseconds)
            {
                throw new UserErrorException(
                    $"option {LoadCommand.TimingScript.Name}: the line '{line}' of '{path}' is not milliseconds, a tab and a URL");
            }
            lines.Add((TimeSpan.FromMilliseconds(milliseconds), line[(tab + 1)..].Trim()));
        }
        return [.. lines.OrderBy(line => line.At)];
    }

    private static IEnumerable<string> ReadLines(Option<string?> option, string path)
    {
        try
        {
            using var reader = path == "-" ? Console.In : new StreamReader(path);
            return [.. reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd('\r', ' ')).Where(line => line.Length > 0)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option {option.Name}: cannot read '{path}': {failure.Message.TrimEnd('.')}");
        }
    }

    private static byte[] ReadOctets(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option {LoadCommand.Data.Name}: cannot read '{path}': {failure.Message.TrimEnd('.')}");
        }
    }
}
