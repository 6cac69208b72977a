namespace Http2.Pure;

/// <summary>The states of a stream (RFC 9113 §5.1). There are three closed states, because what may still arrive depends on how the stream was closed.</summary>
public enum StreamState : byte
{
    /// <summary>Not opened yet.</summary>
    Idle,

    /// <summary>Promised by this end; the response has not begun.</summary>
    ReservedLocal,

    /// <summary>Promised by the peer; the response has not begun.</summary>
    ReservedRemote,

    /// <summary>Both ends may send.</summary>
    Open,

    /// <summary>This end has sent END_STREAM.</summary>
    HalfClosedLocal,

    /// <summary>The peer has sent END_STREAM.</summary>
    HalfClosedRemote,

    /// <summary>Closed because both ends sent END_STREAM.</summary>
    Ended,

    /// <summary>Closed by an RST_STREAM of this end: frames that were in flight may still arrive.</summary>
    ResetByUs,

    /// <summary>Closed by an RST_STREAM of the peer: only PRIORITY, RST_STREAM and WINDOW_UPDATE may arrive.</summary>
    ResetByPeer,
}

/// <summary>
/// What can happen to a stream: a frame sent or received. A frame with END_STREAM is two inputs: the frame, then its end.
/// </summary>
public enum StreamInput : byte
{
    /// <summary>HEADERS goes out.</summary>
    SendHeaders,

    /// <summary>DATA goes out.</summary>
    SendData,

    /// <summary>The frame that goes out has END_STREAM.</summary>
    SendEndStream,

    /// <summary>RST_STREAM goes out.</summary>
    SendReset,

    /// <summary>PUSH_PROMISE goes out on this stream.</summary>
    SendPromise,

    /// <summary>A PUSH_PROMISE that goes out names this stream as the promised one.</summary>
    SendPromised,

    /// <summary>WINDOW_UPDATE goes out.</summary>
    SendWindowUpdate,

    /// <summary>PRIORITY goes out.</summary>
    SendPriority,

    /// <summary>HEADERS came.</summary>
    ReceiveHeaders,

    /// <summary>DATA came.</summary>
    ReceiveData,

    /// <summary>The frame that came has END_STREAM.</summary>
    ReceiveEndStream,

    /// <summary>RST_STREAM came.</summary>
    ReceiveReset,

    /// <summary>PUSH_PROMISE came on this stream.</summary>
    ReceivePromise,

    /// <summary>A PUSH_PROMISE that came names this stream as the promised one.</summary>
    ReceivePromised,

    /// <summary>WINDOW_UPDATE came.</summary>
    ReceiveWindowUpdate,

    /// <summary>PRIORITY came.</summary>
    ReceivePriority,
}

/// <summary>How a stream takes an input.</summary>
public enum StreamVerdict : byte
{
    /// <summary>The input is in order, and the stream moves to the next state.</summary>
    Accept,

    /// <summary>
    /// The frame is in order but has no effect on the stream. What it means to the connection (compression state, window) is still done.
    /// </summary>
    Ignore,

    /// <summary>The peer broke a rule: the stream is reset with the code.</summary>
    StreamError,

    /// <summary>The peer broke a rule: the connection ends with the code.</summary>
    ConnectionError,

    /// <summary>This end may not send that in this state: a mistake of the caller, never of the peer.</summary>
    Refuse,
}

/// <summary>What <see cref="Lifecycle.Move"/> answers.</summary>
/// <param name="State">The next state; the old one unless the verdict is <see cref="StreamVerdict.Accept"/>.</param>
/// <param name="Verdict">How the input is taken.</param>
/// <param name="Code">The error code when the verdict is an error, else NO_ERROR.</param>
public readonly record struct Transition(StreamState State, StreamVerdict Verdict, ErrorCode Code);
