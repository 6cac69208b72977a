namespace Http2.Conformance;

/// <summary>The requests that a probe can send. Nothing is judged here: every frame may be wrong on purpose.</summary>
internal static class Sending
{
    /// <summary>The pseudo-fields of an ordinary request, in the usual order; null leaves one out.</summary>
    public static List<(string Name, string Value)> Fields(this Probe p,
        string? method = "GET", string? path = "", string? scheme = "", string? authority = "")
    {
        var fields = new List<(string, string)>(4);
        if (method is not null)
            fields.Add((":method", method));
        if (scheme is not null)
            fields.Add((":scheme", scheme.Length == 0 ? p.Target.Scheme : scheme));
        if (path is not null)
            fields.Add((":path", path.Length == 0 ? p.Target.Path : path));
        if (authority is not null)
            fields.Add((":authority", authority.Length == 0 ? p.Target.Authority : authority));
        return fields;
    }

    /// <summary>The block of an ordinary request with more fields behind its pseudo-fields.</summary>
    public static byte[] Get(this Probe p, params (string Name, string Value)[] more) => FieldBlock.Of([.. p.Fields(), .. more]);

    /// <summary>The block of an ordinary request with a body to follow.</summary>
    public static byte[] Post(this Probe p, params (string Name, string Value)[] more) => FieldBlock.Of([.. p.Fields(method: "POST"), .. more]);

    /// <summary>The block of a request that inserts nothing into the dynamic table: it may be sent any number of times.</summary>
    public static byte[] RepeatableBlock(this Probe p, string path, string method = "GET") =>
        new FieldBlock().Literal(LiteralKind.Plain, 2, method).Indexed(p.Target.Tls ? 7 : 6).Literal(LiteralKind.Plain, 4, path)
            .Literal(LiteralKind.Plain, 1, p.Target.Authority).ToArray();

    /// <summary>A block of one field with a long value.</summary>
    public static byte[] Dummy(this Probe p, int number = 0) => FieldBlock.Of([($"x-dummy{number}", new string('x', p.Options.MaxHeaderLength))]);

    /// <summary>What a client sends first of all.</summary>
    public static void Magic(this Probe p) => p.Octets(Octet.Magic, "the connection preface");

    /// <summary>An ordinary GET request, complete in one frame.</summary>
    public static void Request(this Probe p, uint streamId) => p.Headers(streamId, p.Get(), endStream: true);
}
