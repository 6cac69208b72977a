namespace Http2.Conformance;

/// <summary>How a read ended.</summary>
internal enum ReadOutcome
{
    /// <summary>A whole frame came.</summary>
    Frame,

    /// <summary>The server closed the connection between frames.</summary>
    Closed,

    /// <summary>Nothing came in time.</summary>
    TimedOut,

    /// <summary>The connection ended inside a frame.</summary>
    Broken,
}

/// <summary>The outcomes in words, for what a case saw instead of a frame.</summary>
internal static class ReadOutcomeText
{
    public static string InWords(this ReadOutcome outcome) => outcome switch
    {
        ReadOutcome.Closed => "connection closed",
        ReadOutcome.Broken => "connection closed inside a frame",
        _ => "nothing within the timeout",
    };
}
