namespace Http2.Shell;

/// <summary>A stream whose application is called back: a handler class of a server or of a client.</summary>
internal interface ICalledBack
{
    /// <summary>The stream.</summary>
    Http2Stream Stream { get; }

    /// <summary>What waits for a callback that was left behind, or null when none was. Owner only.</summary>
    Absence? Absence { get; set; }

    /// <summary>Whether nothing but the end is told any more. Owner only.</summary>
    bool IsToldTheEndOnly { get; }

    /// <summary>Calls back. User code: nothing here may need to be the owner.</summary>
    /// <returns>Completes when the next callback may come.</returns>
    ValueTask Deliver(in Delivery delivery);

    /// <summary>A callback, and its task, have come back. Owner only.</summary>
    /// <param name="kind">Which callback.</param>
    /// <param name="octets">How many octets it was given.</param>
    /// <param name="failure">What it failed with, or null.</param>
    void Returned(Delivery.Kinds kind, int octets, Exception? failure);
}
