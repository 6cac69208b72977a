using System.Globalization;

namespace Http2.Shell;

/// <summary>
/// How many octets of the peer's bodies the readers of a connection have looked at and left where they were, because they wait for more: a
/// message that is larger than a window. They are credited to the peer like octets that were taken, so they need bounds of their own.
/// Thread-safe.
/// </summary>
internal sealed class LookAhead(EngineLimits limits)
{
    private long _octets;

    /// <summary>What all readers of the connection hold.</summary>
    public long Octets => Volatile.Read(ref _octets);

    /// <summary>Changes what one reader holds, unless a bound is in the way.</summary>
    /// <param name="before">What it holds.</param>
    /// <param name="after">What it is to hold.</param>
    /// <returns>Null; or, when nothing was changed, one line that names the bound.</returns>
    public string? Move(long before, long after)
    {
        if (after > limits.MaxExaminedPerRequest)
            return Excess("reader of a body has", after, nameof(limits.MaxExaminedPerRequest), limits.MaxExaminedPerRequest);
        var all = Interlocked.Add(ref _octets, after - before);
        if (after <= before || all <= limits.MaxExaminedPerConnection)
            return null;
        Interlocked.Add(ref _octets, before - after);
        return Excess("readers of the connection's bodies have", all, nameof(limits.MaxExaminedPerConnection), limits.MaxExaminedPerConnection);
    }

    private static string Excess(string who, long octets, string option, long bound) => string.Create(
        CultureInfo.InvariantCulture,
        $"The {who} looked at {octets} octets without taking them, more than the option {option} ({bound}) allows; "
        + $"take octets as they are used, or raise the option.");
}
