using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// HEADERS: <c>[pad length 8] [exclusive 1, dependency 31, weight 8] fragment [padding]</c> (RFC 9113 §6.2).
/// </summary>
public static class HeadersFrame
{
    internal static readonly Rule OnConnection = Rule.Http2("6.2", "HEADERS belongs to a stream, not to stream 0");
    internal static readonly Rule TooMuchPadding = Rule.Http2("6.2", "padding leaves room for the other fields of its HEADERS frame");

    /// <summary>Reads the payload.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="headers">The parts of the payload.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, out HeadersPayload headers)
    {
        headers = default;
        // §6.2: HEADERS on stream 0 is a connection error
        if (header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnConnection);
        var prioritized = header.Has(FrameFlags.Priority);
        var fixedFields = prioritized ? PriorityFrame.Length : 0;
        if (FramePadding.Remove(header, payload, fixedFields, TooMuchPadding, out var body, out var padding) is { } fault)
            return fault;
        headers = prioritized
            ? new HeadersPayload(new Octets(body[PriorityFrame.Length..]), PriorityPayload.Read(body.Span), padding)
            : new HeadersPayload(new Octets(body), null, padding);
        return null;
    }

    /// <summary>Begins the frame: the caller writes the field block to <paramref name="output"/>, then calls <see cref="End"/>.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <returns>Where the frame begins, for <see cref="End"/>; truncating the buffer to it takes the frame back.</returns>
    public static int Begin(OutputBuffer output)
    {
        FieldBlockFrames.Begin(output, 0, out var start);
        return start;
    }

    /// <summary>
    /// Ends the frame: what was written since <see cref="Begin"/> is its field block, which is cut into CONTINUATION frames when it is too long
    /// for one frame (RFC 9113 §4.3).
    /// </summary>
    /// <param name="output">Where the octets went.</param>
    /// <param name="start">What <see cref="Begin"/> returned.</param>
    /// <param name="id">The stream.</param>
    /// <param name="endStream">Whether HEADERS ends this side of the stream.</param>
    /// <param name="maxFrameSize">The SETTINGS_MAX_FRAME_SIZE of the peer, in octets.</param>
    public static void End(OutputBuffer output, int start, StreamId id, bool endStream, int maxFrameSize) =>
        FieldBlockFrames.End(output, start, FrameType.Headers, endStream ? FrameFlags.EndStream : FrameFlags.None, id, maxFrameSize);
}

/// <summary>The payload of HEADERS (RFC 9113 §6.2).</summary>
/// <param name="Fragment">The field block or its first part, a slice of the input.</param>
/// <param name="Priority">The deprecated priority, or null when the PRIORITY flag is not set.</param>
/// <param name="Padding">The octets of the padding, or null when the frame is not PADDED.</param>
public readonly record struct HeadersPayload(Octets Fragment, PriorityPayload? Priority = null, Octets? Padding = null) : IFramePayload
{
    private int FixedFields => Priority.HasValue ? PriorityFrame.Length : 0;

    FrameFlags IFramePayload.Flags =>
        FramePadding.FlagOf(Padding) | (Priority.HasValue ? FrameFlags.Priority : FrameFlags.None);

    int IFramePayload.Length => FixedFields + Fragment.Length + FramePadding.LengthOf(Padding);

    void IFramePayload.Write(Span<byte> destination)
    {
        var fixedFields = FramePadding.Write(destination, FixedFields, Fragment, Padding);
        if (Priority is { } priority)
            priority.Write(fixedFields);
    }

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags)
    {
        string?[] parts =
        [
            Padding is { } padding ? string.Create(CultureInfo.InvariantCulture, $"padlen={padding.Length}") : null,
            Priority?.ToText(),
        ];
        return parts.Any(part => part is not null) ? [$"({string.Join(", ", parts.Where(part => part is not null))})"] : [];
    }
}
