using Hpack.Pure;

namespace Http2.Pure;

/// <summary>Encodes field sections and writes them in HEADERS.</summary>
internal static class HeadSending
{
    /// <summary>Writes the head of a response.</summary>
    public static void WriteResponse(ref Core core, StreamId id, in OutboundHead head, bool endStream, Effects effects)
    {
        var start = HeadersFrame.Begin(effects.Output);
        var block = new BlockWriter(core.Encoder, effects.Output);
        block.WriteStatus(head.Status);
        foreach (var field in head.Fields.AsSpan())
            block.Write(field);
        if (head.ContentLength >= 0)
            block.WriteContentLength(head.ContentLength);
        if (head.Date is { } date)
            block.Write(date);
        core.Encoder = block.Complete();
        HeadersFrame.End(effects.Output, start, id, endStream, core.Peer.MaxFrameSize);
    }

    /// <summary>Writes a request or trailers.</summary>
    public static void WriteFields(ref Core core, StreamId id, ReadOnlySpan<HeaderField> fields, bool endStream, Effects effects)
    {
        var start = HeadersFrame.Begin(effects.Output);
        Encode(ref core, fields, effects);
        HeadersFrame.End(effects.Output, start, id, endStream, core.Peer.MaxFrameSize);
    }

    /// <summary>Writes the field block alone.</summary>
    public static void Encode(ref Core core, ReadOnlySpan<HeaderField> fields, Effects effects)
    {
        var block = new BlockWriter(core.Encoder, effects.Output);
        foreach (var field in fields)
            block.Write(field);
        core.Encoder = block.Complete();
    }
}
