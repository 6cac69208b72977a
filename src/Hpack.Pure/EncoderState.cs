namespace Hpack.Pure;

/// <summary>Everything an encoder remembers between blocks. Immutable, thread-safe, equal by content.</summary>
public sealed class EncoderState
{
    /// <summary>The state before the first block.</summary>
    /// <param name="maxTableSize">The most this encoder will ever use, in octets, whatever the peer allows.</param>
    public static EncoderState Create(int maxTableSize = 4096) => throw new NotImplementedException();

    /// <summary>
    /// The state after the peer's SETTINGS_HEADER_TABLE_SIZE became <paramref name="peerLimit"/>. The next block starts with the size
    /// updates this owes: the smallest since the last block, then the final one (RFC 7541 §4.2).
    /// </summary>
    /// <param name="peerLimit">The peer's setting, 0 to 2^32-1.</param>
    public EncoderState WithPeerLimit(uint peerLimit) => throw new NotImplementedException();
}
