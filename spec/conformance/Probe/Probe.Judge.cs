using System.Collections.Immutable;
using Http2.Pure;

namespace Http2.Conformance;

/// <content>
/// The expectations of the cases beyond h2spec: the right code is asked for whenever a code is given, and what the RFC only recommends
/// (GOAWAY before closing, RFC 9113 §5.4.1) is asked for when strict.
/// </content>
internal sealed partial class Probe
{
    private const ulong FenceOpaque = 0x6665_6e63_6500_0000;
    private ulong _fences;

    /// <summary>GOAWAY with one of the codes. Closing without a word passes unless strict.</summary>
    public async Task ExpectGoAway(params ErrorCode[] codes)
    {
        var expected = codes.Select(code => $"GOAWAY with {Name(code)}").ToImmutableArray();
        string? last = null;
        while (true)
        {
            var (outcome, frame) = await Next().ConfigureAwait(false);
            switch (outcome)
            {
                case ReadOutcome.Frame when frame.Type == FrameType.GoAway:
                    if (IsOneOf(frame, codes))
                        return;
                    if (frame.ErrorCode != ErrorCode.NoError)
                        throw new CaseFailedException(expected, FrameLine.Of(frame));
                    last = FrameLine.Of(frame);
                    break;
                case ReadOutcome.Frame:
                    last = FrameLine.Of(frame);
                    break;
                case ReadOutcome.Closed or ReadOutcome.Broken when !Options.Strict:
                    return;
                default:
                    throw new CaseFailedException(expected, last is null ? Describe(outcome) : $"{last}, then {Describe(outcome)}");
            }
        }
    }

    /// <summary>
    /// RST_STREAM on the stream, or GOAWAY, with one of the codes. A round trip of PING proves that none came, so that nobody waits for a
    /// timeout; a server that judges behind its PING answers gets a little longer.
    /// </summary>
    public Task ExpectStreamFault(uint streamId, params ErrorCode[] codes) => ExpectFault(streamId, codes, mayAnswer: false);

    /// <summary>
    /// As a malformed message is answered (RFC 9113 §8.1.1): a stream error PROTOCOL_ERROR, or a response 400 and the stream's end.
    /// </summary>
    public Task ExpectMalformed(uint streamId = 1) => ExpectFault(streamId, [ErrorCode.ProtocolError], mayAnswer: true);

    /// <summary>Everything sent so far was taken: the server answers a PING and faults nothing.</summary>
    public async Task ExpectTolerated()
    {
        var fence = Fence();
        while (true)
        {
            var (outcome, frame) = await Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
                throw Fail("the connection going on", Describe(outcome));
            if (IsPong(frame, fence))
                return;
            if (frame.Type is FrameType.GoAway or FrameType.RstStream && frame.ErrorCode != ErrorCode.NoError)
                throw Fail("no fault", FrameLine.Of(frame));
        }
    }

    /// <summary>A GET on the stream is answered with any final response.</summary>
    public async Task<Response> ExpectRequestAnswered(uint streamId)
    {
        Request(streamId);
        return await ExpectAnswered(streamId).ConfigureAwait(false);
    }

    /// <summary>The stream gets a final response and ends.</summary>
    public async Task<Response> ExpectAnswered(uint streamId)
    {
        var response = await Response(streamId).ConfigureAwait(false);
        if (response.Status is null || !response.Ended)
            throw Fail($"a complete response on stream {streamId}", response.ToString());
        return response;
    }

    /// <summary>Reads until the stream ends, is reset, or the connection ends. What came before counts.</summary>
    public async Task<Response> Response(uint streamId, TimeSpan? timeout = null)
    {
        var response = On(streamId);
        while (!response.Ended && response.Reset is null)
        {
            var (outcome, frame) = await Next(timeout).ConfigureAwait(false);
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

    /// <summary>Sends a PING whose answer marks that all before it was worked through.</summary>
    public ulong Fence()
    {
        var fence = FenceOpaque + ++_fences;
        Ping(fence);
        return fence;
    }

    private async Task ExpectFault(uint streamId, ErrorCode[] codes, bool mayAnswer)
    {
        var expected = codes.Select(code => $"RST_STREAM on stream {streamId}, or GOAWAY, with {Name(code)}").ToList();
        if (mayAnswer)
            expected.Add("a response 400 and the end of the stream");
        var fence = Fence();
        var response = On(streamId);
        var fenced = false;
        while (true)
        {
            var (outcome, frame) = await Next(fenced ? Grace : null).ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
            {
                if (outcome != ReadOutcome.TimedOut && !Options.Strict && response.GoAway is null)
                    return;
                throw new CaseFailedException([.. expected], fenced && outcome == ReadOutcome.TimedOut
                    ? Ignored(response) : $"{response}, {Describe(outcome)}");
            }
            fenced |= IsPong(frame, fence);
            if (frame.Type is FrameType.GoAway || (frame.Type is FrameType.RstStream && frame.StreamId == streamId))
            {
                if (IsOneOf(frame, codes))
                    return;
                if (mayAnswer && frame is { Type: FrameType.RstStream, ErrorCode: ErrorCode.NoError } && response.Status == 400)
                    return;
                throw new CaseFailedException([.. expected], FrameLine.Of(frame));
            }
            if (mayAnswer && response is { Status: 400, Ended: true })
                return;
        }
    }

    private static string Ignored(Response response) =>
        response.SectionCount > 0 ? $"{response}, and the connection goes on"
            : "nothing: the connection goes on as if nothing had happened";

    /// <summary>How long a fault may come after the answer to a PING that was sent behind its cause.</summary>
    private TimeSpan Grace => Timeout < MaxGrace ? Timeout : MaxGrace;

    private static readonly TimeSpan MaxGrace = TimeSpan.FromMilliseconds(300);
}
