using Hpack.Pure;

namespace Http2.Shell.Hpack;

/// <summary>A header block could not be inflated. The inflater that threw it has kept the state it had before the block.</summary>
public sealed class HdException : Exception
{
    /// <summary>Makes the exception of a decoding error.</summary>
    /// <param name="error">What is wrong with the block, and at which octet.</param>
    public HdException(HpackError error)
        : base(error.ToString()) => Error = error;

    /// <summary>What is wrong with the block, and the octet of the block at which it was seen.</summary>
    public HpackError Error { get; }
}
