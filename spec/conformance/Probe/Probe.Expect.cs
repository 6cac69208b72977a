using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Conformance;

/// <content>
/// The expectations that h2spec's cases share. They accept what it accepts: closing the connection does for any error, and a fault that
/// belongs to a stream may end the connection.
/// </content>
internal sealed partial class Probe
{
    /// <summary>The server closes the connection.</summary>
    public Task ExpectClose() => Await(["connection closed"], _ => false, closed: true);

    /// <summary>GOAWAY with one of the codes, or the connection closed.</summary>
    public Task ExpectConnectionError(params ErrorCode[] codes) =>
        Await(
            [.. codes.Select(code => $"GOAWAY with {Name(code)}"), "connection closed"],
            frame => frame.Type == FrameType.GoAway && IsOneOf(frame, codes),
            closed: true);

    /// <summary>RST_STREAM or GOAWAY with one of the codes, or the connection closed.</summary>
    public Task ExpectStreamError(params ErrorCode[] codes) =>
        Await(
            [.. codes.SelectMany(code => new[] { $"RST_STREAM with {Name(code)}", $"GOAWAY with {Name(code)}" }), "connection closed"],
            frame => frame.Type is FrameType.RstStream or FrameType.GoAway && IsOneOf(frame, codes),
            closed: true);

    /// <summary>A stream ends: END_STREAM, or RST_STREAM with NO_ERROR.</summary>
    public Task ExpectStreamEnd() =>
        Await(
            ["the stream's end"],
            frame => frame.EndsStream || (frame.Type == FrameType.RstStream && frame.ErrorCode == ErrorCode.NoError));

    /// <summary>The next HEADERS belongs to the stream.</summary>
    public Task ExpectHeaders(uint streamId) =>
        First(FrameType.Headers, $"HEADERS on stream {streamId}", frame => frame.StreamId == streamId);

    /// <summary>The next SETTINGS is an acknowledgement.</summary>
    public Task ExpectSettingsAck() => First(FrameType.Settings, "SETTINGS with ACK", frame => frame.IsAck);

    /// <summary>The next PING is the answer to ours.</summary>
    public Task ExpectPong(ulong opaque = 0) =>
        First(FrameType.Ping, $"PING with ACK and opaque data {opaque:x16}", frame => IsPong(frame, opaque));

    /// <summary>The answer to our PING, or the connection closed.</summary>
    public Task ExpectPongOrClose(ulong opaque = 0) =>
        Await([$"PING with ACK and opaque data {opaque:x16}", "connection closed"], frame => IsPong(frame, opaque), closed: true);

    /// <summary>The next frame of a type, whatever came before it.</summary>
    public async Task<WireFrame> ExpectFrame(FrameType type) =>
        await First(type, $"{FrameLine.Name(type)}", _ => true).ConfigureAwait(false);

    /// <summary>The next DATA has this many octets.</summary>
    public Task ExpectData(int length) => First(FrameType.Data, $"DATA of {length} octet(s)", frame => frame.Length == length);

    /// <summary>Reads up to the first frame of a type and judges that one.</summary>
    public async Task<WireFrame> First(FrameType type, string expected, Func<WireFrame, bool> right)
    {
        string? last = null;
        while (!Ended)
        {
            var (outcome, frame) = await Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
            {
                last = outcome == ReadOutcome.TimedOut && last is not null ? $"{last}, then nothing" : Describe(outcome);
                break;
            }
            last = FrameLine.Of(frame);
            if (frame.Type != type)
                continue;
            return right(frame) ? frame : throw Fail(expected, last);
        }
        throw Fail(expected, last ?? "connection closed");
    }

    /// <summary>Reads until a frame is the right one.</summary>
    private async Task Await(ImmutableArray<string> expected, Func<WireFrame, bool> right, bool closed = false)
    {
        string? last = null;
        while (!Ended)
        {
            var (outcome, frame) = await Next().ConfigureAwait(false);
            if (outcome == ReadOutcome.Frame)
            {
                if (right(frame))
                    return;
                last = FrameLine.Of(frame);
                continue;
            }
            if (closed && (outcome == ReadOutcome.Closed || (outcome == ReadOutcome.Broken && IsHttp1)))
                return;
            last = outcome == ReadOutcome.TimedOut && last is not null ? $"{last}, then nothing" : Describe(outcome);
        }
        throw new CaseFailedException(expected, last ?? "connection closed");
    }

    /// <summary>
    /// Whether the server answered in HTTP/1.x: it closed the connection after words of another protocol, not inside a frame.
    /// </summary>
    private bool IsHttp1 => Unframed.StartsWith("HTTP/1.", StringComparison.Ordinal);

    private static bool IsPong(in WireFrame frame, ulong opaque) =>
        frame is { Type: FrameType.Ping, IsAck: true } && frame.Payload.Span.SequenceEqual(Octet.UInt64(opaque));

    private static bool IsOneOf(in WireFrame frame, ErrorCode[] codes) => frame.ErrorCode is { } code && Array.IndexOf(codes, code) >= 0;

    private static string Name(ErrorCode code) => FrameLine.Name(code);
}
