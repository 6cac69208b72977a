namespace Http2.Pure;

/// <summary>What the method of a request says about its stream.</summary>
internal enum RequestKind : byte
{
    /// <summary>A request with a response: any method but the two others, or a CONNECT that was refused.</summary>
    Plain,

    /// <summary>HEAD: the response has no body (RFC 9110 §9.3.2).</summary>
    Head,

    /// <summary>CONNECT, extended or not: the stream is a tunnel unless the response refuses it (RFC 9113 §8.5).</summary>
    Connect,
}

/// <summary>Tells the kind of a request by its method.</summary>
internal static class RequestKinds
{
    public static RequestKind Of(ReadOnlySpan<byte> method) =>
        method.SequenceEqual("HEAD"u8) ? RequestKind.Head
        : method.SequenceEqual("CONNECT"u8) ? RequestKind.Connect
        : RequestKind.Plain;
}
