using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// The expectations that h2spec's cases share. They accept what h2spec accepts: closing the connection does for any error, and a fault that
/// belongs to a stream may end the connection.
/// </summary>
internal static class H2specExpectations
{
    /// <summary>The server closes the connection.</summary>
    public static Task ExpectClose(this Probe p) => Await(p, ["connection closed"], _ => false, closed: true);

    /// <summary>GOAWAY with one of the codes, or the connection closed.</summary>
    public static Task ExpectConnectionError(this Probe p, params ErrorCode[] codes) =>
        Await(
            p, [.. codes.Select(code => $"GOAWAY with {FrameLine.Name(code)}"), "connection closed"],
            frame => frame.Type == FrameType.GoAway && frame.HasOneOf(codes),
            closed: true);

    /// <summary>RST_STREAM or GOAWAY with one of the codes, or the connection closed.</summary>
    public static Task ExpectStreamError(this Probe p, params ErrorCode[] codes) =>
        Await(
            p, [.. codes.SelectMany(code => new[] { $"RST_STREAM with {FrameLine.Name(code)}", $"GOAWAY with {FrameLine.Name(code)}" }), "connection closed"],
            frame => frame.Type is FrameType.RstStream or FrameType.GoAway && frame.HasOneOf(codes),
            closed: true);

    /// <summary>A stream ends: END_STREAM, or RST_STREAM with NO_ERROR.</summary>
    public static Task ExpectStreamEnd(this Probe p) =>
        Await(
            p, ["the stream's end"],
            frame => frame.EndsStream || (frame.Type == FrameType.RstStream && frame.ErrorCode == ErrorCode.NoError));

    /// <summary>The next HEADERS belongs to the stream.</summary>
    public static Task ExpectHeaders(this Probe p, uint streamId) =>
        p.First(FrameType.Headers, $"HEADERS on stream {streamId}", frame => frame.StreamId == streamId);

    /// <summary>The next SETTINGS is an acknowledgement.</summary>
    public static Task ExpectSettingsAck(this Probe p) => p.First(FrameType.Settings, "SETTINGS with ACK", frame => frame.IsAck);

    /// <summary>The next PING is the answer to ours.</summary>
    public static Task ExpectPong(this Probe p, ulong opaque = 0) =>
        p.First(FrameType.Ping, $"PING with ACK and opaque data {opaque:x16}", frame => frame.IsPong(opaque));

    /// <summary>The answer to our PING, or the connection closed.</summary>
    public static Task ExpectPongOrClose(this Probe p, ulong opaque = 0) =>
        Await(p, [$"PING with ACK and opaque data {opaque:x16}", "connection closed"], frame => frame.IsPong(opaque), closed: true);

    /// <summary>The next frame of a type, whatever came before it.</summary>
    public static async Task<WireFrame> ExpectFrame(this Probe p, FrameType type) =>
        await p.First(type, $"{FrameLine.Name(type)}", _ => true).ConfigureAwait(false);

    /// <summary>The next DATA has this many octets.</summary>
    public static Task ExpectData(this Probe p, int length) => p.First(FrameType.Data, $"DATA of {length} octet(s)", frame => frame.Length == length);

    /// <summary>Reads up to the first frame of a type and judges that one.</summary>
    public static async Task<WireFrame> First(this Probe p, FrameType type, string expected, Func<WireFrame, bool> right)
    {
        string? last = null;
        while (!p.Ended)
        {
            var (outcome, frame) = await p.Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
            {
                last = outcome == ReadOutcome.TimedOut && last is not null ? $"{last}, then nothing" : outcome.InWords();
                break;
            }
            last = FrameLine.Of(frame);
            if (frame.Type != type)
                continue;
            return right(frame) ? frame : throw Probe.Fail(expected, last);
        }
        throw Probe.Fail(expected, last ?? "connection closed");
    }

    /// <summary>Reads until a frame is the right one.</summary>
    private static async Task Await(Probe p, ImmutableArray<string> expected, Func<WireFrame, bool> right, bool closed = false)
    {
        string? last = null;
        while (!p.Ended)
        {
            var (outcome, frame) = await p.Next().ConfigureAwait(false);
            if (outcome == ReadOutcome.Frame)
            {
                if (right(frame))
                    return;
                last = FrameLine.Of(frame);
                continue;
            }
            if (closed && (outcome == ReadOutcome.Closed || (outcome == ReadOutcome.Broken && IsHttp1(p))))
                return;
            last = outcome == ReadOutcome.TimedOut && last is not null ? $"{last}, then nothing" : outcome.InWords();
        }
        throw new CaseFailedException(expected, last ?? "connection closed");
    }

    /// <summary>
    /// Whether the server answered in HTTP/1.x: it closed the connection after words of another protocol, not inside a frame.
    /// </summary>
    private static bool IsHttp1(Probe p) => p.Unframed.StartsWith("HTTP/1.", StringComparison.Ordinal);
}
