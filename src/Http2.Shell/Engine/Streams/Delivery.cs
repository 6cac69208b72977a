using Http2.Pure;

namespace Http2.Shell;

/// <summary>What a handler is told, in this order: the head, parts of the body, the end of the message, the end of the stream.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Data">The octets of a part of the body, which lie in the connection's buffer.</param>
/// <param name="Code">How the stream was closed.</param>
/// <param name="IsWhole">Whether the head is the whole message.</param>
/// <param name="Value">What else is told: the head of an informational response, or what a stream failed with.</param>
internal readonly record struct Delivery(
    Delivery.Kinds Kind, ReadOnlyMemory<byte> Data = default, ErrorCode Code = default, bool IsWhole = false, object? Value = null)
{
    internal enum Kinds : byte
    {
        Informational,
        Headers,
        Data,
        Done,
        Close,
    }

    /// <summary>The name of a server's callback, for the log.</summary>
    public string Name => Kind switch
    {
        Kinds.Headers => "OnHeaders",
        Kinds.Data => "OnData",
        Kinds.Done => "OnRequestDone",
        _ => "OnClose",
    };

    /// <summary>This delivery with a copy of its octets, which stays valid when the connection's buffer is used again.</summary>
    public Delivery Kept() => Data.IsEmpty ? this : this with { Data = Data.ToArray() };
}
