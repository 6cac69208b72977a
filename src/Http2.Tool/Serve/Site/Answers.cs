using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Responses that both sites give.</summary>
internal static class Answers
{
    private const string Html = "text/html; charset=utf-8";

    private static readonly Http2Headers TextFields = [("content-type", "text/plain; charset=utf-8")];

    /// <summary>Text.</summary>
    public static Http2Response Text(string text, int status = 200) => new(status, TextFields, text);

    /// <summary>A page or, for clients that do not ask for HTML, a line that says what is wrong.</summary>
    /// <param name="request">The request that is answered.</param>
    /// <param name="status">The status.</param>
    /// <param name="text">One sentence; anything in it is safe to show.</param>
    /// <param name="more">Fields besides <c>content-type</c>.</param>
    public static Http2Response Notice(Http2Request request, int status, string text, Http2Headers? more = null)
    {
        var title = $"{status} {Reason(status)}";
        var isHtml = request.Headers["accept"]?.Contains("text/html", StringComparison.OrdinalIgnoreCase) ?? false;
        var fields = isHtml ? Html : "text/plain; charset=utf-8";
        var headers = Http2Headers.Create([("content-type", fields), ("cache-control", "no-store"), .. more ?? Http2Headers.Empty]);
        return new Http2Response(
            status, headers, isHtml ? Template("notice.html", ("title", Escape(title)), ("text", text)) : PlainText(title, text));
    }

    /// <summary>Refuses a method; RFC 9110 §15.5.6 asks for the methods that there are.</summary>
    private static Http2Response MethodNotAllowed(Http2Request request, string allow) =>
        Notice(request, 405, $"{Escape(request.Method)} does not work here; use {Escape(allow)}.", [("allow", allow)]);

    /// <summary>
    /// Answers a request whose method the address does not take: OPTIONS is told what it takes (RFC 9110 §9.3.7), and a method that nothing
    /// here knows is refused with 501 (§15.6.2).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="methods">The methods that the address takes, OPTIONS among them.</param>
    public static Http2Response OtherMethod(Http2Request request, string methods) => request.Method switch
    {
        "OPTIONS" => new Http2Response(204, [("allow", methods)]),
        "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "CONNECT" or "TRACE" or "PATCH" => MethodNotAllowed(request, methods),
        _ => Notice(request, 501, $"This server does not know {Escape(request.Method)}; use {Escape(methods)}."),
    };

    /// <summary>The reason that goes with a status, for people.</summary>
    public static string Reason(int status)
    {
        var name = ((HttpStatusCode)status).ToString();
        if (char.IsAsciiDigit(name[0]))
            return status == 418 ? "I'm a teapot" : "Status";
        var words = new StringBuilder();
        foreach (var c in name)
            words.Append(char.IsUpper(c) && words.Length > 0 && !char.IsUpper(words[^1]) ? " " : "").Append(c);
        return words.ToString();
    }

    /// <summary>Text as it may stand in HTML, in quotes too.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A page of the assembly with its <c>{{name}}</c> marks filled; the values are HTML already.</summary>
    public static byte[] Template(string page, params ReadOnlySpan<(string Name, string Html)> values)
    {
        var text = Encoding.UTF8.GetString(Resource(page));
        var filled = new StringBuilder(text.Length + 1024);
        for (var at = 0; ;)
        {
            // One pass, so that a mark inside a value is text like any other.
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
                return Encoding.UTF8.GetBytes(filled.Append(text, at, text.Length - at).ToString());
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            filled.Append(text, at, open - at).Append(Value(values, text.AsSpan((open + 2)..close)));
            at = close + 2;
        }
    }

    /// <summary>A file of the assembly.</summary>
    public static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly lacks {name}");
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        return octets;
    }

    /// <summary>A number the way people read it: <c>16,384</c>.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string PlainText(string title, string html) => $"{title}: {WebUtility.HtmlDecode(StripTags(html))}\n";

    private static string StripTags(string html)
    {
        var text = new StringBuilder();
        var inTag = false;
        foreach (var c in html)
        {
            inTag = inTag ? c != '>' : c == '<';
            if (!inTag && c != '>')
                text.Append(c);
        }
        return text.ToString();
    }

    private static string Value(ReadOnlySpan<(string Name, string Html)> values, ReadOnlySpan<char> name)
    {
        foreach (var (known, html) in values)
        {
            if (name.SequenceEqual(known))
                return html;
        }
        throw new InvalidOperationException($"the page has a mark '{name}' that nothing fills");
    }
}
