using static Http2.Pure.StreamInput;
using static Http2.Pure.StreamState;

namespace Http2.Pure;

/// <summary>
/// The life cycle of a stream as one table (RFC 9113 §5.1): total over every state and input. Windows, message rules and limits are
/// judged elsewhere. Pure, thread-safe.
/// </summary>
public static class Lifecycle
{
    /// <summary>Whether <paramref name="state"/> is one of the closed states.</summary>
    public static bool IsClosed(this StreamState state) => state >= Ended;

    /// <summary>Whether this end may still send DATA or HEADERS in <paramref name="state"/>.</summary>
    public static bool CanSend(this StreamState state) => state is Open or HalfClosedRemote or ReservedLocal;

    /// <summary>Whether the peer may still send DATA or HEADERS in <paramref name="state"/>.</summary>
    public static bool CanReceive(this StreamState state) => state is Open or HalfClosedLocal or ReservedRemote;

    /// <summary>Whether the stream counts against the limit of concurrent streams (RFC 9113 §5.1.2): reserved ones do not.</summary>
    public static bool IsActive(this StreamState state) => state is Open or HalfClosedLocal or HalfClosedRemote;

    /// <summary>The transition for <paramref name="input"/> in <paramref name="state"/>.</summary>
    /// <param name="state">The state of the stream.</param>
    /// <param name="input">What happens to it.</param>
    public static Transition Move(StreamState state, StreamInput input) => input switch
    {
        SendPriority or ReceivePriority => Stay(state),
        >= ReceiveHeaders => Receive(state, input),
        _ => Send(state, input),
    };

    private static Transition Send(StreamState state, StreamInput input) => (state, input) switch
    {
        (Idle, SendHeaders) => To(Open),
        (Idle, SendPromised) => To(ReservedLocal),

        (ReservedLocal, SendHeaders) => To(HalfClosedRemote),
        (ReservedLocal or ReservedRemote, SendReset) => To(ResetByUs),
        (ReservedRemote, SendWindowUpdate) => Stay(state),

        (Open, SendEndStream) => To(HalfClosedLocal),
        (HalfClosedRemote, SendEndStream) => To(Ended),
        (Open or HalfClosedRemote, SendHeaders or SendData or SendPromise) => Stay(state),
        (Open or HalfClosedLocal or HalfClosedRemote, SendReset) => To(ResetByUs),
        (Open or HalfClosedLocal, SendWindowUpdate) => Stay(state),

        // Credit for a body that has ended is of no use to anybody.
        (HalfClosedRemote, SendWindowUpdate) => new(state, StreamVerdict.Ignore, ErrorCode.NoError),
        _ => new(state, StreamVerdict.Refuse, ErrorCode.NoError),
    };

    private static Transition Receive(StreamState state, StreamInput input) => (state, input) switch
    {
        (Idle, ReceiveHeaders) => To(Open),
        (Idle, ReceivePromised) => To(ReservedRemote),

        (ReservedRemote, ReceiveHeaders) => To(HalfClosedLocal),
        (ReservedLocal, ReceiveWindowUpdate) => Stay(state),

        (Open, ReceiveEndStream) => To(HalfClosedRemote),
        (HalfClosedLocal, ReceiveEndStream) => To(Ended),
        (Open or HalfClosedLocal, ReceiveHeaders or ReceiveData or ReceivePromise) => Stay(state),
        (Open or HalfClosedLocal or HalfClosedRemote, ReceiveWindowUpdate) => Stay(state),

        // §5.1 half-closed (remote): anything but WINDOW_UPDATE, PRIORITY, RST_STREAM is a stream error
        (HalfClosedRemote, ReceiveHeaders or ReceiveData or ReceiveEndStream) =>
            new(state, StreamVerdict.StreamError, ErrorCode.StreamClosed),

        // §5.1 closed: RST_STREAM and WINDOW_UPDATE may cross the frame that closed the stream
        (Ended or ResetByUs or ResetByPeer, ReceiveReset or ReceiveWindowUpdate) => Ignore(state),
        (not Idle, ReceiveReset) => To(ResetByPeer),

        // §5.1 closed: frames that were in flight when this end reset the stream are discarded; a promise among them is answered on the promised
        // stream
        (ResetByUs, ReceiveHeaders or ReceiveData or ReceiveEndStream or ReceivePromise) => Ignore(state),
        (Ended or ResetByPeer, ReceiveHeaders or ReceiveData or ReceiveEndStream) =>
            new(state, StreamVerdict.ConnectionError, ErrorCode.StreamClosed),
        _ => new(state, StreamVerdict.ConnectionError, ErrorCode.ProtocolError),
    };

    private static Transition To(StreamState state) => new(state, StreamVerdict.Accept, ErrorCode.NoError);

    private static Transition Stay(StreamState state) => To(state);

    private static Transition Ignore(StreamState state) => new(state, StreamVerdict.Ignore, ErrorCode.NoError);
}
