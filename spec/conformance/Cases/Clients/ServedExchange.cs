using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Conversations with a client that many cases share.</summary>
internal static class ServedExchange
{
    /// <summary>While a response is under way, what is sent is accepted, and the client takes the response.</summary>
    public static async Task Accepts(ServerEnd s, Action<ServerEnd> send)
    {
        await s.Requested();
        s.Head();
        send(s);
        await s.ExpectAccepted();
    }

    /// <summary>While a response is under way, what is sent is a connection error.</summary>
    public static async Task Breaks(ServerEnd s, Action<ServerEnd> send, params ErrorCode[] codes)
    {
        await s.Requested();
        s.Head();
        send(s);
        await s.ExpectConnectionFault(codes);
    }

    /// <summary>While a response is under way, what is sent is an error of its stream or of the connection.</summary>
    public static async Task BreaksStream(ServerEnd s, Action<ServerEnd> send, params ErrorCode[] codes)
    {
        await s.Requested();
        s.Head();
        send(s);
        await s.ExpectRequestFault(codes);
    }

    /// <summary>A response with this block for its head is malformed (RFC 9113 §8.1.1), whatever follows.</summary>
    public static async Task Malformed(ServerEnd s, params (string Name, string Value)[] fields)
    {
        await s.Requested();
        s.Headers(s.StreamId, FieldBlock.Of(fields));
        await s.ExpectRequestFault(ErrorCode.ProtocolError);
    }

    /// <summary>A response 200 with this field is malformed.</summary>
    public static Task MalformedField(ServerEnd s, string name, string value) => Malformed(s, (":status", "200"), (name, value));

    /// <summary>A response with these fields and a body is sound.</summary>
    public static async Task Sound(ServerEnd s, params (string Name, string Value)[] fields)
    {
        await s.Requested();
        s.Headers(s.StreamId, FieldBlock.Of(fields));
        s.Content();
        await s.ExpectServed();
    }

    /// <summary>A whole ordinary conversation, for cases that judge what the client has sent meanwhile.</summary>
    public static async Task Ordinary(ServerEnd s)
    {
        await s.Requested();
        s.Head();
        await s.ExpectTolerated();
        s.Content();
        await s.ExpectServed();
    }

    /// <summary>In an ordinary conversation every frame of the client has a property.</summary>
    /// <param name="s">The server's end.</param>
    /// <param name="expected">The property in words.</param>
    /// <param name="holds">Whether a frame has it.</param>
    public static async Task Every(ServerEnd s, string expected, Func<WireFrame, bool> holds)
    {
        await Ordinary(s);
        foreach (var frame in s.Traffic)
        {
            if (!holds(frame))
                throw Speaker.Fail(expected, FrameLine.Of(frame));
        }
    }
}
