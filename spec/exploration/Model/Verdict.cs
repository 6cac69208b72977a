using Http2.Pure;

namespace Http2.Exploration;

/// <summary>What may become of a frame of the peer.</summary>
internal enum Outcome
{
    /// <summary>It is taken, or ignored.</summary>
    NoFault,

    /// <summary>RST_STREAM answers it.</summary>
    StreamFault,

    /// <summary>GOAWAY answers it.</summary>
    ConnectionFault,
}

/// <summary>One thing that RFC 9113 allows a receiver to do.</summary>
internal readonly record struct Allowed(Outcome Outcome, ErrorCode Code)
{
    public static Allowed Fine => new(Outcome.NoFault, ErrorCode.NoError);

    public static Allowed Connection(ErrorCode code) => new(Outcome.ConnectionFault, code);

    public static Allowed Stream(ErrorCode code) => new(Outcome.StreamFault, code);
}

/// <summary>The verdicts that the rules allow, and whether the frame then has its ordinary effect on its stream.</summary>
internal sealed record Verdict(bool TakesEffect, params Allowed[] Choices)
{
    public static Verdict Accept { get; } = new(true, Allowed.Fine);

    public static Verdict Ignore { get; } = new(false, Allowed.Fine);

    public bool MayEndConnection => Choices.Any(choice => choice.Outcome == Outcome.ConnectionFault);

    public static Verdict Fatal(params ErrorCode[] codes) => new(false, [.. codes.Select(Allowed.Connection)]);

    /// <summary>§5.4: a stream error may be treated as one of the connection.</summary>
    public static Verdict StreamOrFatal(ErrorCode code) => new(false, Allowed.Stream(code), Allowed.Connection(code));

    public static Verdict OnStream(ErrorCode code) => new(false, Allowed.Stream(code));

    /// <summary>Both rules are broken, or either answer is allowed.</summary>
    public Verdict Or(Verdict other) => new(TakesEffect && other.TakesEffect, [.. Choices, .. other.Choices]);

    public override string ToString() => string.Join(" or ", Choices);
}
