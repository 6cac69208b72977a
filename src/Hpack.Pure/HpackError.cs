namespace Hpack.Pure;

/// <summary>Why a block could not be decoded (RFC 7541). Each is a connection error COMPRESSION_ERROR in HTTP/2 (RFC 9113 §4.3).</summary>
public enum HpackErrorKind
{
    /// <summary>No error.</summary>
    None = 0,
}

/// <summary>A decoding error as a value: what is wrong, where, and the section of RFC 7541 that says so.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">The octet of the block at which it was seen, from 0.</param>
public readonly record struct HpackError(HpackErrorKind Kind, int Offset);
