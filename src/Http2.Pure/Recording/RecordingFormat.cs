namespace Http2.Pure;

/// <summary>The octets that a recording begins with.</summary>
internal static class RecordingFormat
{
    /// <summary>The name and the version of the format.</summary>
    public static ReadOnlySpan<byte> Magic => "H2REC\x01"u8;
}

/// <summary>The first octet of an entry. A number that was given once is never given to another kind of entry.</summary>
internal enum RecordingTag : byte
{
    Received = 1,
    EndOfInput = 2,
    Tick = 3,
    Drain = 4,
    SubmitResponse = 5,
    SubmitInformational = 6,
    SubmitData = 7,
    SubmitTrailers = 8,
    SubmitPush = 9,
    SubmitRequest = 10,
    SubmitReset = 11,
    SubmitPing = 12,
    SubmitSettings = 13,
    Shutdown = 14,
    Abort = 15,
    Consume = 16,
    Retire = 17,
    BoundUnread = 18,
    Disconnected = 19,
    SetDate = 20,
    SubmitPriority = 21,
    Sent = 127,
}
