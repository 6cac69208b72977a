using Http2.Pure;

namespace Http2.Shell;

/// <summary>How long a response's body was declared to be, and how much of it has come. What differs is an error that says both.</summary>
/// <param name="declared">Octets, or -1 when nothing was declared.</param>
internal struct BodyLength(long declared)
{
    private readonly long _declared = declared;
    private long _come;

    /// <summary>Octets that are still to come; -1 when that is not known.</summary>
    public readonly long Left => _declared < 0 ? -1 : _declared - _come;

    /// <summary>Octets that were declared, or -1.</summary>
    public readonly long Declared => _declared;

    /// <summary>Something came.</summary>
    /// <exception cref="Http2MisuseException">It is more than was declared.</exception>
    public void Count(int octets)
    {
        _come += octets;
        if (_declared >= 0 && _come > _declared)
            throw Mismatch(_declared, $"the body goes on to {_come} and more");
    }

    /// <summary>The body has ended.</summary>
    /// <exception cref="Http2MisuseException">It is less than was declared.</exception>
    public readonly void End()
    {
        if (Left > 0)
            throw Mismatch(_declared, $"the body ended after {_come}");
    }

    public static Http2MisuseException Mismatch(long declared, string but) => new(
        Refusal.ContentLengthMismatch, $"A content-length of {declared} was declared, but {but}; they must be equal (RFC 9113 §8.1.1).");
}
