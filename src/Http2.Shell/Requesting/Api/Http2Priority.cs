using System.Globalization;

namespace Http2.Shell;

/// <summary>
/// How urgent a response is to the client (RFC 9218 §4): sent as the field <c>priority</c> with a request, and as PRIORITY_UPDATE later. Immutable.
/// </summary>
/// <param name="Urgency">0 (most urgent) to 7. Default 3.</param>
/// <param name="Incremental">Whether parts of the response are of use before all of it is there. Default false.</param>
public readonly record struct Http2Priority(int Urgency = Http2Priority.DefaultUrgency, bool Incremental = false)
{
    private const int DefaultUrgency = 3;
    private const int Least = 7;

    /// <summary>The priority as the value of the field, for example <c>u=1, i</c>; parameters with their default value are left out.</summary>
    public override string ToString() => (Urgency == DefaultUrgency, Incremental) switch
    {
        (true, false) => "",
        (true, true) => "i",
        (false, false) => string.Create(CultureInfo.InvariantCulture, $"u={Urgency}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"u={Urgency}, i"),
    };

    /// <summary>The value of a PRIORITY_UPDATE frame, which says what is the default, too.</summary>
    internal string Whole => string.Create(CultureInfo.InvariantCulture, $"u={Urgency}{(Incremental ? ", i" : "")}");

    /// <exception cref="ArgumentOutOfRangeException">The urgency is not 0 to 7.</exception>
    internal void Judge()
    {
        if (Urgency is < 0 or > Least)
            throw new ArgumentOutOfRangeException(nameof(Urgency), Urgency, "The urgency of a priority is 0 to 7 (RFC 9218 §4.1).");
    }
}
