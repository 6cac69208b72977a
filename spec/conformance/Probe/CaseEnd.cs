using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>Ends a case: the server did something else than what was expected.</summary>
internal class CaseFailedException(ImmutableArray<string> expected, string actual) : Exception(actual)
{
    public ImmutableArray<string> Expected { get; } = expected;

    public string Actual { get; } = actual;
}

/// <summary>Ends a case that does not apply to the server or the run.</summary>
internal sealed class CaseSkippedException(string reason) : Exception(reason)
{
}

/// <summary>
/// Ends a case: another client was answered late, or the server's memory rose too far. A machine that was busy with other things, or a
/// collector that was about to run, looks the same, so the case is tried again: an attack that works exceeds the bar every time.
/// </summary>
internal sealed class MeasureExceededException(string expected, string actual) : CaseFailedException([expected], actual);
