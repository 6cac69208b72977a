namespace Http2.Conformance;

/// <summary>The headings of groups and sections, for the tree and the reports.</summary>
public static class Headings
{
    private static readonly Dictionary<string, string> Titles = new(StringComparer.Ordinal)
    {
        ["generic"] = "Generic: what every server takes",
        ["generic/1"] = "Starting HTTP/2",
        ["generic/2"] = "Streams and multiplexing",
        ["generic/3"] = "Frame definitions",
        ["generic/3.1"] = "DATA",
        ["generic/3.2"] = "HEADERS",
        ["generic/3.3"] = "PRIORITY",
        ["generic/3.4"] = "RST_STREAM",
        ["generic/3.5"] = "SETTINGS",
        ["generic/3.7"] = "PING",
        ["generic/3.8"] = "GOAWAY",
        ["generic/3.9"] = "WINDOW_UPDATE",
        ["generic/3.10"] = "CONTINUATION",
        ["generic/4"] = "HTTP message exchanges",
        ["generic/5"] = "HPACK",
        ["http2"] = "HTTP/2, by the sections of RFC 7540",
        ["http2/3"] = "Starting HTTP/2",
        ["http2/3.5"] = "Connection preface",
        ["http2/4"] = "HTTP frames",
        ["http2/4.1"] = "Frame format",
        ["http2/4.2"] = "Frame size",
        ["http2/4.3"] = "Header compression and decompression",
        ["http2/5"] = "Streams and multiplexing",
        ["http2/5.1"] = "Stream states",
        ["http2/5.1.1"] = "Stream identifiers",
        ["http2/5.1.2"] = "Stream concurrency",
        ["http2/5.3"] = "Stream priority",
        ["http2/5.3.1"] = "Stream dependencies",
        ["http2/5.4"] = "Error handling",
        ["http2/5.4.1"] = "Connection errors",
        ["http2/5.5"] = "Extending HTTP/2",
        ["http2/6"] = "Frame definitions",
        ["http2/6.1"] = "DATA",
        ["http2/6.2"] = "HEADERS",
        ["http2/6.3"] = "PRIORITY",
        ["http2/6.4"] = "RST_STREAM",
        ["http2/6.5"] = "SETTINGS",
        ["http2/6.5.2"] = "Defined settings",
        ["http2/6.5.3"] = "Settings synchronization",
        ["http2/6.7"] = "PING",
        ["http2/6.8"] = "GOAWAY",
        ["http2/6.9"] = "WINDOW_UPDATE",
        ["http2/6.9.1"] = "The flow-control window",
        ["http2/6.9.2"] = "Initial window size",
        ["http2/6.10"] = "CONTINUATION",
        ["http2/7"] = "Error codes",
        ["http2/8"] = "HTTP message exchanges",
        ["http2/8.1"] = "Request and response exchange",
        ["http2/8.1.2"] = "Header fields",
        ["http2/8.1.2.1"] = "Pseudo-fields",
        ["http2/8.1.2.2"] = "Connection-specific fields",
        ["http2/8.1.2.3"] = "Request pseudo-fields",
        ["http2/8.1.2.6"] = "Malformed messages",
        ["http2/8.2"] = "Server push",
        ["hpack"] = "HPACK, by the sections of RFC 7541",
        ["hpack/2"] = "Compression process overview",
        ["hpack/2.3"] = "Indexing tables",
        ["hpack/2.3.3"] = "Index address space",
        ["hpack/4"] = "Dynamic table management",
        ["hpack/4.2"] = "Maximum table size",
        ["hpack/5"] = "Primitive type representations",
        ["hpack/5.2"] = "String literals",
        ["hpack/6"] = "Binary format",
        ["hpack/6.1"] = "Indexed field",
        ["hpack/6.3"] = "Dynamic table size update",
        ["fields"] = "Fields: names, values, what belongs to a connection",
        ["fields/8.2"] = "Sound fields",
        ["fields/8.2.1"] = "Field validity",
        ["fields/8.2.2"] = "Connection-specific fields",
        ["fields/8.2.3"] = "Cookies",
        ["requests"] = "Requests: pseudo-fields and CONNECT",
        ["requests/8.3"] = "Pseudo-fields",
        ["requests/8.3.1"] = "Request pseudo-fields",
        ["requests/8.5"] = "CONNECT",
        ["messages"] = "Messages: bodies, trailers, responses",
        ["messages/8.1"] = "Exchanges",
        ["messages/8.1.1"] = "Malformed messages and content-length",
        ["messages/8.1.2"] = "Informational responses",
        ["messages/8.3.2"] = "Responses",
        ["frames"] = "Frames: prefaces, lengths, padding, order",
        ["frames/3.4"] = "Connection preface",
        ["frames/4.1"] = "Flags and reserved bits",
        ["frames/4.2"] = "Lengths",
        ["frames/4.2.1"] = "Types of fixed length",
        ["frames/4.2.2"] = "SETTINGS_MAX_FRAME_SIZE",
        ["frames/5.5"] = "Extensions",
        ["frames/6.1"] = "Padding of DATA",
        ["frames/6.2"] = "Padding and priority of HEADERS",
        ["frames/6.10"] = "Field blocks",
        ["streams"] = "Streams: states, identifiers, concurrency, errors",
        ["streams/5.1"] = "Stream states",
        ["streams/5.1.1"] = "Stream identifiers",
        ["streams/5.1.2"] = "Stream concurrency",
        ["streams/5.4"] = "Error handling",
        ["settings"] = "SETTINGS and PING",
        ["settings/6.5.1"] = "What the server announces",
        ["settings/6.5.2"] = "What the client announces",
        ["settings/6.5.3"] = "Synchronization",
        ["settings/6.5.4"] = "What the client announced is kept to",
        ["settings/6.7"] = "PING",
        ["flow"] = "Flow control",
        ["flow/5.2"] = "Receiving",
        ["flow/6.9"] = "Refunds",
        ["flow/6.9.1"] = "Sending within windows",
        ["flow/6.9.2"] = "Initial window",
    };

    /// <summary>The heading of a group (<c>http2</c>) or section (<c>http2/6.5</c>); the key itself when it has none.</summary>
    /// <param name="key">Group, or group and section.</param>
    public static string Of(string key) => Titles.GetValueOrDefault(key, key);

    /// <summary>The headings above a case, outermost first, as keys and depths: group, then each section that contains the next.</summary>
    /// <param name="case">The case.</param>
    public static IEnumerable<(string Key, int Depth)> Above(ConformanceCase @case)
    {
        yield return (@case.Group, 0);
        var parts = @case.Section.Split('.');
        var depth = 1;
        for (var i = 1; i <= parts.Length; i++)
        {
            var key = $"{@case.Group}/{string.Join('.', parts[..i])}";
            if (i == parts.Length || Titles.ContainsKey(key))
                yield return (key, depth++);
        }
    }
}
