using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// The expectations of the cases that h2spec does not have. When the server gives an error code, it must be the right one. What the RFC
/// only recommends (GOAWAY before closing, RFC 9113 §5.4.1) is asked for when the run is strict.
/// </summary>
internal static class Expectations
{
    private static readonly TimeSpan MaxGrace = TimeSpan.FromMilliseconds(300);

    /// <summary>GOAWAY with one of the codes. Closing without GOAWAY passes unless the run is strict.</summary>
    public static async Task ExpectGoAway(this Speaker p, params ErrorCode[] codes)
    {
        var expected = codes.Select(code => $"GOAWAY with {FrameLine.Name(code)}").ToImmutableArray();
        string? last = null;
        while (true)
        {
            var (outcome, frame) = await p.Next().ConfigureAwait(false);
            switch (outcome)
            {
                case ReadOutcome.Frame when frame.Type == FrameType.GoAway:
                    if (frame.HasOneOf(codes))
                        return;
                    if (frame.ErrorCode != ErrorCode.NoError)
                        throw new CaseFailedException(expected, FrameLine.Of(frame));
                    last = FrameLine.Of(frame);
                    break;
                case ReadOutcome.Frame:
                    last = FrameLine.Of(frame);
                    break;
                case ReadOutcome.Closed or ReadOutcome.Broken when !p.Options.Strict:
                    return;
                default:
                    throw new CaseFailedException(expected, last is null ? outcome.InWords() : $"{last}, then {outcome.InWords()}");
            }
        }
    }

    /// <summary>
    /// RST_STREAM on the stream, or GOAWAY, with one of the codes. The answer to a PING shows that no fault came, which saves waiting for
    /// a timeout; a server that judges only after it has answered the PING gets a little longer.
    /// </summary>
    public static Task ExpectStreamFault(this Speaker p, uint streamId, params ErrorCode[] codes) => ExpectFault(p, streamId, codes, mayAnswer: false);

    /// <summary>
    /// The answer to a malformed message (RFC 9113 §8.1.1): a stream error PROTOCOL_ERROR, or a response 400 and the stream's end.
    /// </summary>
    public static Task ExpectMalformed(this Probe p, uint streamId = 1) => ExpectFault(p, streamId, [ErrorCode.ProtocolError], mayAnswer: true);

    /// <summary>
    /// The server accepted everything sent so far: it answers a PING, and neither resets a stream nor sends GOAWAY with an error.
    /// </summary>
    public static async Task ExpectTolerated(this Speaker p)
    {
        var fence = p.Fence();
        while (true)
        {
            var (outcome, frame) = await p.Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
                throw Probe.Fail("the connection going on", outcome.InWords());
            if (frame.IsPong(fence))
                return;
            if (frame.Type is FrameType.GoAway or FrameType.RstStream && frame.ErrorCode != ErrorCode.NoError)
                throw Probe.Fail("no fault", FrameLine.Of(frame));
        }
    }

    /// <summary>A GET on the stream is answered with any final response.</summary>
    public static async Task<ReceivedStream> ExpectRequestAnswered(this Probe p, uint streamId)
    {
        p.Request(streamId);
        return await p.ExpectAnswered(streamId).ConfigureAwait(false);
    }

    /// <summary>The stream gets a final response and ends.</summary>
    public static async Task<ReceivedStream> ExpectAnswered(this Probe p, uint streamId)
    {
        var response = await p.Response(streamId).ConfigureAwait(false);
        if (response.Status is null || !response.Ended)
            throw Probe.Fail($"a complete response on stream {streamId}", response.ToString());
        return response;
    }

    /// <summary>Reads until the stream ends, is reset, or the connection ends. What came before counts.</summary>
    public static async Task<ReceivedStream> Response(this Probe p, uint streamId, TimeSpan? timeout = null)
    {
        var response = p.On(streamId);
        while (!response.Ended && response.Reset is null)
        {
            var (outcome, frame) = await p.Next(timeout).ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
            {
                response.TimedOut = outcome == ReadOutcome.TimedOut;
                response.Closed = !response.TimedOut;
                return response;
            }
            if (frame.Type == FrameType.GoAway)
                response.GoAway = frame.ErrorCode;
        }
        return response;
    }

    private static async Task ExpectFault(Speaker p, uint streamId, ErrorCode[] codes, bool mayAnswer)
    {
        var expected = codes.Select(code => $"RST_STREAM on stream {streamId}, or GOAWAY, with {FrameLine.Name(code)}").ToList();
        if (mayAnswer)
            expected.Add("a response 400 and the end of the stream");
        var fence = p.Fence();
        var response = p.On(streamId);
        var fenced = false;
        while (true)
        {
            var (outcome, frame) = await p.Next(fenced ? Grace(p) : null).ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
            {
                if (outcome != ReadOutcome.TimedOut && !p.Options.Strict && response.GoAway is null)
                    return;
                throw new CaseFailedException([.. expected], fenced && outcome == ReadOutcome.TimedOut
                    ? Ignored(response) : $"{response}, {outcome.InWords()}");
            }
            fenced |= frame.IsPong(fence);
            if (frame.Type is FrameType.GoAway || (frame.Type is FrameType.RstStream && frame.StreamId == streamId))
            {
                if (frame.HasOneOf(codes))
                    return;
                if (mayAnswer && frame is { Type: FrameType.RstStream, ErrorCode: ErrorCode.NoError } && response.Status == 400)
                    return;
                throw new CaseFailedException([.. expected], FrameLine.Of(frame));
            }
            if (mayAnswer && response is { Status: 400, Ended: true })
                return;
        }
    }

    private static string Ignored(ReceivedStream response) =>
        response.SectionCount > 0 ? $"{response}, and the connection goes on"
            : "nothing: the connection goes on as if nothing had happened";

    /// <summary>How much later than the answer to the PING a fault may come.</summary>
    private static TimeSpan Grace(Speaker p) => p.Timeout < MaxGrace ? p.Timeout : MaxGrace;
}
