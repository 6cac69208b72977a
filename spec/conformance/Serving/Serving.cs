using System.Text;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>The responses that a server can send. Nothing is judged here: every frame may be wrong on purpose.</summary>
internal static class Serving
{
    /// <summary>The block of a response 200 with more fields.</summary>
    public static byte[] Ok(params (string Name, string Value)[] more) => FieldBlock.Of([(":status", "200"), .. more]);

    /// <summary>The head of a response 200 on the first request's stream; the content is to follow.</summary>
    public static void Head(this ServerEnd s, params (string Name, string Value)[] more) => s.Headers(s.StreamId, Ok(more));

    /// <summary>The content of the response, and the end of the first request's stream.</summary>
    public static void Content(this ServerEnd s) => s.Data(s.StreamId, s.Run.Body, endStream: true);

    /// <summary>A whole response 200 on a stream.</summary>
    public static void Answer(this ServerEnd s, uint streamId)
    {
        s.Headers(streamId, Ok());
        s.Data(streamId, s.Run.Body, endStream: true);
    }

    /// <summary>A promise on a stream, of a GET of a style sheet unless other fields are given.</summary>
    public static void Promise(this ServerEnd s, uint streamId, uint promised, params IEnumerable<(string Name, string Value)> fields)
    {
        var request = fields.ToList();
        s.PushPromise(streamId, promised, FieldBlock.Of(request.Count > 0 ? request : s.PromisedFields()));
    }

    /// <summary>The fields of a promised request that a client may take.</summary>
    public static List<(string Name, string Value)> PromisedFields(this ServerEnd s, string method = "GET") =>
    [
        (":method", method), (":scheme", s.Run.Client.Tls ? "https" : "http"), (":path", "/style.css"), (":authority", s.Run.Authority),
    ];

    /// <summary>Any octets instead of frames.</summary>
    public static void Words(this ServerEnd s, string words) => s.Octets(Encoding.ASCII.GetBytes(words), "other octets");

    /// <summary>A frame of a type that HTTP/2 does not have.</summary>
    public static void Unknown(this ServerEnd s, uint streamId, int length = 8, byte type = 0xef, byte flags = 0xff) =>
        s.Frame((FrameType)type, (FrameFlags)flags, streamId, new byte[length]);
}
