namespace Http2.Shell;

/// <summary>What a pull generator answers when it is asked for octets: how many it wrote, that it ended, or that it has none yet.</summary>
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

    /// <summary>Nothing is there yet: the generator is asked again after <see cref="GeneratedBody.Resume"/>.</summary>
    public static BodyRead Deferred => default;

    /// <summary>The body has ended.</summary>
    public static BodyRead End => new(Answer.End, 0, null);

    /// <summary>Octets were written to the memory that was handed in; more follow.</summary>
    /// <param name="octets">How many, 1 to the length of the memory.</param>
    public static BodyRead Data(int octets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(octets);
        return new(Answer.Data, octets, null);
    }

    /// <summary>Octets were written to the memory that was handed in, and they are the last.</summary>
    /// <param name="octets">How many, 0 to the length of the memory.</param>
    /// <param name="trailers">Trailers to send behind the body, or null.</param>
    public static BodyRead Last(int octets, Http2Headers? trailers = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(octets);
        return new(Answer.End, octets, trailers);
    }
}
