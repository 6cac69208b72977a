using System.Globalization;
using System.Text;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// What a client is told that speaks HTTP/1.x, in words that it understands: what to speak instead. Every connection that gets one is
/// closed.
/// </summary>
/// <param name="Status">The status and its reason.</param>
/// <param name="Fields">Fields that belong to the status, each with its line end.</param>
/// <param name="Text">What a person can do about it.</param>
internal sealed record Http1Answer(string Status, string Fields, string Text)
{
    /// <summary>
    /// On a TLS port, to a client whose handshake did not ask for h2: RFC 9113 §3.2 has HTTP/2 agreed on there or not spoken.
    /// </summary>
    public static Http1Answer WithoutAlpn { get; } = new(
        "505 HTTP Version Not Supported", "connection: close\r\n",
        "This server speaks HTTP/2 only, and over TLS to clients that ask for it by ALPN (RFC 7301). This client did not: use one that "
        + "speaks HTTP/2, such as a browser or curl --http2.\n");

    /// <summary>On a TLS port, to a client that did not begin with a handshake.</summary>
    public static Http1Answer WithoutTls { get; } = new(
        "400 Bad Request", "connection: close\r\n", "This port speaks TLS: use https:// instead of http://, and HTTP/2.\n");

    /// <summary>To a request that asks for HTTP/2 by Upgrade and is none (RFC 9112 §2.2, §5).</summary>
    public static Http1Answer BadRequest { get; } = new("400 Bad Request", "connection: close\r\n", "This request is not sound.\n");

    /// <summary>To a request that asks for an upgrade and whose content has no length (RFC 9110 §15.5.12).</summary>
    public static Http1Answer LengthRequired { get; } = new(
        "411 Length Required", "connection: close\r\n", "A request that asks for an upgrade to HTTP/2 must say how long its content is.\n");

    /// <summary>To a request whose head does not end (RFC 6585 §5).</summary>
    public static Http1Answer HeadTooLarge { get; } = new(
        "431 Request Header Fields Too Large", "connection: close\r\n",
        "The head of a request that asks for an upgrade to HTTP/2 may have 16 KiB.\n");

    private const string DefaultText =
        "This server speaks HTTP/2 only. In cleartext it wants prior knowledge or an upgrade: curl --http2-prior-knowledge, curl --http2, nghttp, h2load. "
        + "Browsers speak HTTP/2 over TLS only: use the https:// address of this server, if it has one.\n";

    /// <summary>On a cleartext port (RFC 9110 §15.5.22).</summary>
    /// <param name="text">The text, or null for one that names the ways to ask.</param>
    public static Http1Answer UpgradeRequired(string? text) => new(
        "426 Upgrade Required", "upgrade: h2c\r\nconnection: Upgrade, close\r\n",
        text is null ? DefaultText : text.EndsWith('\n') ? text : text + "\n");

    /// <summary>To a request that asks for an upgrade and has too much content (RFC 9110 §15.5.14).</summary>
    /// <param name="most">How many octets it may have.</param>
    public static Http1Answer ContentTooLarge(int most) => new(
        "413 Content Too Large", "connection: close\r\n",
        string.Create(CultureInfo.InvariantCulture, $"A request that asks for an upgrade to HTTP/2 may have {most} octets of content.\n"));

    /// <summary>Answers, then ends sending and reads on for a moment.</summary>
    /// <param name="transport">Where to; the caller closes it.</param>
    /// <param name="host">Whose clock, name and patience count.</param>
    /// <param name="request">The beginning of the request.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task SendAsync(ITransport transport, ServerHost host, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes(Text);
        var head = $"HTTP/1.1 {Status}\r\n{Fields}{Line(host.Server)}{Line(host.DateNow())}"
            + $"content-type: text/plain; charset=utf-8\r\ncontent-length: {body.Length}\r\n\r\n";
        // RFC 9110 §9.3.2: HEAD is answered with the head alone; what followed would be taken for the next answer.
        var isHead = request.Span.StartsWith("HEAD "u8);
        await transport.SendAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. isHead ? [] : body]).ConfigureAwait(false);
        await Parting.TakeAsync(transport, host.Options, cancellation).ConfigureAwait(false);
    }

    private static string Line(HeaderField? field) => field is null ? "" : $"{field.Name}: {field.Value}\r\n";
}
