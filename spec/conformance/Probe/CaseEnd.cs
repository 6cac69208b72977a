using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>Ends a case: the server did something else than what was expected.</summary>
internal class CaseFailedException(ImmutableArray<string> expected, string actual) : Exception(actual)
{
    public ImmutableArray<string> Expected { get; } = expected;

    public string Actual { get; } = actual;
}

/// <summary>Ends a case: it does not apply.</summary>
internal sealed class CaseSkippedException(string reason) : Exception(reason)
{
}

/// <summary>
/// Ends a case: another client was answered late. A machine that was busy with other things looks the same, so the case is tried again.
/// </summary>
internal sealed class LatencyExceededException(string expected, string actual) : CaseFailedException([expected], actual);
