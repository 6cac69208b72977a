using Http2.Pure;

namespace Http2.Shell;

/// <summary>What a client's first octets look like.</summary>
internal enum SpokenProtocol
{
    /// <summary>It said nothing.</summary>
    Silent,

    /// <summary>HTTP/2, or nothing that HTTP/1.x has; the core judges it.</summary>
    Http2,

    /// <summary>A request of HTTP/1.x.</summary>
    Http1,
}

/// <summary>
/// The first octets of a connection on which HTTP/2 was not agreed on before. Our own preface waits for them, because a browser that
/// speaks HTTP/1.1 must be answered in a way that it understands.
/// </summary>
internal readonly record struct ProtocolDetection(SpokenProtocol Kind, ReadOnlyMemory<byte> Octets)
{
    // A request line longer than this is not waited for.
    private const int Most = 8 * 1024;

    private static ReadOnlySpan<byte> Preface => WireConstants.Preface;

    /// <summary>Reads until it can be told what the client speaks.</summary>
    /// <param name="transport">Where from.</param>
    /// <param name="alreadyRead">What was read of it before.</param>
    public static async ValueTask<ProtocolDetection> ReadAsync(ITransport transport, ReadOnlyMemory<byte> alreadyRead = default)
    {
        var buffer = new byte[Math.Max(256, 2 * alreadyRead.Length)];
        alreadyRead.CopyTo(buffer);
        for (var length = alreadyRead.Length; ;)
        {
            if (length > 0 && Judge(buffer.AsSpan(0, length)) is { } kind)
                return new(kind, buffer.AsMemory(0, length));
            if (length == buffer.Length)
                Array.Resize(ref buffer, length * 2);
            var read = await transport.ReceiveAsync(buffer.AsMemory(length)).ConfigureAwait(false);
            if (read == 0)
                return new(length == 0 ? SpokenProtocol.Silent : SpokenProtocol.Http2, buffer.AsMemory(0, length));
            length += read;
        }
    }

    /// <summary>The kind, or null when more octets are needed to say.</summary>
    internal static SpokenProtocol? Judge(ReadOnlySpan<byte> octets)
    {
        var common = octets.CommonPrefixLength(Preface);
        if (common == Math.Min(octets.Length, Preface.Length))
            return common >= 4 ? SpokenProtocol.Http2 : null;
        var end = octets.IndexOf((byte)'\n');
        if (end < 0)
            return octets.Length < Most && LooksLikeMethod(octets) ? null : SpokenProtocol.Http2;
        var line = octets[..end].TrimEnd((byte)'\r');
        return LooksLikeMethod(line) && line.LastIndexOf(" HTTP/1."u8) > 0 ? SpokenProtocol.Http1 : SpokenProtocol.Http2;
    }

    // RFC 9112 §3: a request line begins with a token and a space. All registered methods are in upper case.
    private static bool LooksLikeMethod(ReadOnlySpan<byte> line)
    {
        var space = line.IndexOf((byte)' ');
        var method = space < 0 ? line : line[..space];
        return method.Length is > 0 and <= 32 && !method.ContainsAnyExceptInRange((byte)'-', (byte)'Z') && space != 0;
    }
}
