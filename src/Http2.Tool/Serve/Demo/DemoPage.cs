using System.Text;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// The front page: what the server knows of the request and its connection. The style sheet is pushed when the client allows it.
/// </summary>
internal static class DemoPage
{
    private const string StylePath = "/style.css";

    private static readonly Http2Headers PageFields =
    [
        ("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff"),
    ];

    private static readonly string Version = typeof(DemoPage).Assembly.GetName().Version!.ToString(3);

    /// <summary>The style sheet.</summary>
    public static Http2Response Style { get; } = Static("style.css");

    /// <summary>The script.</summary>
    public static Http2Response Script { get; } = Static("demo.js");

    /// <summary>Pushes the style sheet, then makes the page, which says whether the push was sent.</summary>
    public static Http2Response Answer(Http2Request request, ConnectionOptions options)
    {
        var why = request.WhyNoPush;
        var isGet = request.Method == "GET";
        // Only clients that say with <c>accept</c> what they take get the style sheet: probes and load generators would have no use for it.
        var renders = request.Headers["accept"] is not null;
        var push = isGet && renders && ServerPush.TryPush(request, StylePath, Style, out var id)
            ? $"<span class=\"pill good\">pushed</span> the style sheet, on stream {id}"
            : $"<span class=\"pill warn\">not pushed</span> "
                + (!isGet ? "only GET brings it along" : renders ? ServerPush.Explain(why) : "the request has no accept field");
        var page = Answers.Template(
            "index.html",
            ("stream", request.StreamId.ToString()),
            ("transport", request.Connection.IsTls ? "an encrypted connection" : "a cleartext connection"),
            ("badges", Badges(request)),
            ("request", Request(request, push)),
            ("connection", Connection(request.Connection, options)),
            ("fields", Fields(request)),
            ("commands", Commands(request)),
            ("version", Version));
        return new Http2Response(200, PageFields, page);
    }

    /// <summary>A page with one message that uses the style sheet.</summary>
    /// <param name="title">The title, as text.</param>
    /// <param name="html">The message, as HTML.</param>
    public static Http2Response Small(string title, string html) => new(200, PageFields, Answers.Template(
        "small.html", ("title", Answers.Escape(title)), ("text", html)));

    private static Http2Response Static(string name) =>
        new(
            200, [("content-type", ContentTypes.For(name)), ("cache-control", "no-cache"), ("x-content-type-options", "nosniff")],
            Answers.Resource(name));

    private static string Badges(Http2Request request)
    {
        string?[] badges =
        [
            request.Connection.IsTls ? "h2" : "h2c, prior knowledge",
            TlsVersion.NameOf(request.Connection),
            $"{request.Method} {request.Target}",
            $"request {Answers.Number(request.Connection.StreamsServed)} of this connection",
        ];
        return string.Concat(badges.Where(badge => badge is not null).Select(badge => $"<li>{Answers.Escape(badge!)}</li>"));
    }

    private static string Request(Http2Request request, string push)
    {
        var rows = new StringBuilder();
        Row(rows, "Method", request.Method);
        Row(rows, "Path", request.Path);
        Row(rows, "Query", request.Query);
        Row(rows, "Scheme", request.Scheme);
        Row(rows, "Authority", request.Host);
        Row(rows, "Stream", request.StreamId.ToString());
        Row(rows, "Client", request.ClientAddress?.ToString() ?? "unknown");
        HtmlRow(rows, "Push", push);
        var size = request.Headers.Sum(field => field.Size);
        var secret = request.Headers.Count(field => field.NeverIndexed);
        Row(rows, "Fields", $"{request.Headers.Count}, together {Answers.Number(size)} octets (RFC 9113 §6.5.2); {secret} never indexed");
        return rows.ToString();
    }

    private static string Connection(Http2ConnectionInfo connection, ConnectionOptions options)
    {
        var rows = new StringBuilder();
        Row(rows, "Number", connection.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (TlsVersion.NameOf(connection) is { } tls)
        {
            Row(rows, "Security", $"{tls}, {connection.CipherSuite}");
            Row(rows, "Server name", connection.ServerName is { Length: > 0 } name ? name : "not asked for");
        }
        else
        {
            Row(rows, "Security", "none");
        }
        var (perStream, inAll) = (Answers.Number(options.InitialStreamWindow), Answers.Number(options.InitialConnectionWindow));
        Row(rows, "Windows", $"{perStream} octets a stream, {inAll} in all, to us");
        var theirTable = TheirTable(connection);
        var (ours, theirs) = (Answers.Number(options.DecoderTableSize), Answers.Number(theirTable));
        var used = Answers.Number(Math.Min(theirTable, options.EncoderTableSize));
        Row(rows, "HPACK table", $"ours {ours} octets; theirs {theirs}, of which we use {used}");
        var settings = connection.PeerSettings.Select(
            setting => $"<span><code>{Answers.Escape(Name(setting.Id))}</code> = {Answers.Number(setting.Value)}</span>");
        HtmlRow(rows, "Client's settings", connection.PeerSettings.IsEmpty ? "all as at the start" : string.Join("<br>", settings));
        return rows.ToString();
    }

    private static long TheirTable(Http2ConnectionInfo connection)
    {
        var announced = connection.PeerSettings.Where(setting => setting.Id == SettingId.HeaderTableSize).Select(setting => setting.Value);
        return announced.FirstOrDefault(4096u); // RFC 9113 §6.5.2: 4,096 until the client says otherwise
    }

    private static string Fields(Http2Request request)
    {
        var rows = new StringBuilder();
        (string, string)[] pseudo =
        [
            (":method", request.Method), (":scheme", request.Scheme), (":authority", request.Host), (":path", request.Target),
        ];
        foreach (var (name, value) in pseudo)
            FieldRow(rows, name, value);
        foreach (var field in request.Headers)
            FieldRow(rows, field.Name.ToString(), field.Value.ToString());
        return rows.ToString();
    }

    private static string Commands(Http2Request request)
    {
        var site = Answers.Escape($"{request.Scheme}://{request.Host}");
        var curl = request.Connection.IsTls ? "curl -k --http2" : "curl --http2-prior-knowledge";
        string[] lines =
        [
            $"{curl} {site}/hello",
            $"{curl} {site}/headers -H 'x-test: 1'",
            $"{curl} {site}/upload -T FILE",
            $"nghttp -nv {site}/",
            $"h2load -n 100000 -c 10 -m 100 {site}/hello",
        ];
        return string.Join('\n', lines.Select(line => $"<b>$ </b>{line}"));
    }

    private static string Name(SettingId id) => id switch
    {
        SettingId.HeaderTableSize => "HEADER_TABLE_SIZE",
        SettingId.EnablePush => "ENABLE_PUSH",
        SettingId.MaxConcurrentStreams => "MAX_CONCURRENT_STREAMS",
        SettingId.InitialWindowSize => "INITIAL_WINDOW_SIZE",
        SettingId.MaxFrameSize => "MAX_FRAME_SIZE",
        SettingId.MaxHeaderListSize => "MAX_HEADER_LIST_SIZE",
        SettingId.EnableConnectProtocol => "ENABLE_CONNECT_PROTOCOL",
        SettingId.NoRfc7540Priorities => "NO_RFC7540_PRIORITIES",
        _ => $"0x{(ushort)id:x}",
    };

    private static void Row(StringBuilder rows, string name, string value) => HtmlRow(rows, name, Answers.Escape(value));

    private static void HtmlRow(StringBuilder rows, string name, string html) => rows.Append($"<dt>{name}</dt><dd>{html}</dd>\n");

    private static void FieldRow(StringBuilder rows, string name, string value) =>
        rows.Append($"<tr><td>{Answers.Escape(name)}</td><td>{Answers.Escape(value)}</td></tr>\n");
}
