using Http2.Pure;

namespace Http2.Exploration;

/// <summary>The streams that the application knows of and has not heard the end of, as bits: explorations have few streams.</summary>
internal static class OpenStreams
{
    /// <summary>The highest stream that has a bit.</summary>
    public const uint Most = 63;

    /// <summary>The bit of a stream.</summary>
    public static ulong Bit(StreamId id) => id.Value <= Most
        ? 1ul << (int)id.Value
        : throw new ArgumentOutOfRangeException(nameof(id), id, "explorations have at most 63 streams");

    /// <summary>The streams that are open by the state.</summary>
    public static ulong Of(in Core core)
    {
        var open = core.Streams.Fresh is { } fresh ? Bit(fresh.Id) : 0;
        foreach (var record in core.Streams.Set)
        {
            if (record is StreamRecord.Live)
                open |= Bit(record.Id);
        }
        return open;
    }
}
