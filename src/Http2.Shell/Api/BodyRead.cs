namespace Http2.Shell;

/// <summary>
/// What the function of a <see cref="GeneratedBody"/> returns when it is asked for octets: how many it wrote, that the body has ended, or that
/// there are none yet. Immutable.
/// </summary>
public readonly record struct BodyRead
{
    internal enum Answer : byte
    {
        Deferred,
        Data,
        End,
    }

    private BodyRead(Answer answer, int octets, Http2Headers? trailers)
    {
        Kind = answer;
        Octets = octets;
        Trailers = trailers;
    }

    internal Answer Kind { get; }

    internal int Octets { get; }

    internal Http2Headers? Trailers { get; }

    /// <summary>There are no octets yet: the function is called again after <see cref="GeneratedBody.Resume"/>.</summary>
    public static BodyRead Deferred => default;

    /// <summary>The body has ended.</summary>
    public static BodyRead End => new(Answer.End, 0, null);

    /// <summary>Octets were written to the memory that was handed in; more follow.</summary>
    /// <param name="octets">How many octets were written, 1 to the length of the memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public static BodyRead Data(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(octets);
        return new(Answer.Data, octets, null);
    }

    /// <summary>Octets were written to the memory that was handed in, and they are the last.</summary>
    /// <param name="octets">How many octets were written, 0 to the length of the memory.</param>
    /// <param name="trailers">The trailer fields to send after the body, or null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0.</exception>
    public static BodyRead Last(int octets, Http2Headers? trailers = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        return new(Answer.End, octets, trailers);
    }
}
