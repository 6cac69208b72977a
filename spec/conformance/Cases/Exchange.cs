using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Conversations that many cases share.</summary>
internal static class Exchange
{
    /// <summary>A request of these fields, without a body, is malformed (RFC 9113 §8.1.1).</summary>
    public static async Task Malformed(Probe p, params IEnumerable<(string Name, string Value)> fields)
    {
        await p.Handshake();
        p.Headers(1, FieldBlock.Of(fields), endStream: true);
        await p.ExpectMalformed();
    }

    /// <summary>A request of these fields, without a body, is sound: it is answered, and not with 400.</summary>
    public static async Task Sound(Probe p, params IEnumerable<(string Name, string Value)> fields)
    {
        await p.Handshake();
        p.Headers(1, FieldBlock.Of(fields), endStream: true);
        await Taken(p);
    }

    /// <summary>A POST with a body and these trailers is malformed.</summary>
    public static async Task MalformedTrailers(Probe p, params IEnumerable<(string Name, string Value)> trailers)
    {
        await p.Handshake();
        p.Headers(1, p.Post());
        p.Data(1, "test");
        p.Headers(1, FieldBlock.Of(trailers), endStream: true);
        await p.ExpectMalformed();
    }

    /// <summary>A POST with these fields and a body of these parts is malformed.</summary>
    public static async Task MalformedBody(Probe p, (string Name, string Value)[] fields, params string[] body)
    {
        await p.Handshake();
        p.Headers(1, p.Post(fields), endStream: body.Length == 0);
        for (var i = 0; i < body.Length; i++)
            p.Data(1, body[i], endStream: i == body.Length - 1);
        await p.ExpectMalformed();
    }

    /// <summary>After a handshake, what is sent is answered with a connection error.</summary>
    public static async Task ConnectionError(Probe p, Action<Probe> send, params ErrorCode[] codes)
    {
        await p.Handshake();
        send(p);
        await p.ExpectGoAway(codes);
    }

    /// <summary>After a handshake, what is sent is accepted, and the connection can still be used.</summary>
    public static async Task Tolerated(Probe p, Action<Probe> send)
    {
        await p.Handshake();
        send(p);
        await p.ExpectTolerated();
        await p.ExpectRequestAnswered(101);
    }

    /// <summary>The response on stream 1 is complete and not a 400.</summary>
    public static async Task<ReceivedStream> Taken(Probe p, uint streamId = 1)
    {
        var response = await p.ExpectAnswered(streamId);
        return response.Status == 400 ? throw Probe.Fail("the request to be taken", response.ToString()) : response;
    }

    /// <summary>
    /// The codes for a frame that is too short for what its flags promise: FRAME_SIZE_ERROR, and in a run that is not strict also
    /// PROTOCOL_ERROR.
    /// </summary>
    public static ErrorCode[] TooShort(Probe p) =>
        p.Options.Strict ? [ErrorCode.FrameSizeError] : [ErrorCode.FrameSizeError, ErrorCode.ProtocolError];
}
