namespace Http2.Shell;

/// <summary>What a thread of the event loops that does not serve does next.</summary>
internal enum NextDuty
{
    /// <summary>It serves.</summary>
    Serve,

    /// <summary>It does a piece of long work beside those that serve.</summary>
    DoLongWork,

    /// <summary>It is parked.</summary>
    Sleep,

    /// <summary>There is no use for it any more.</summary>
    End,
}
