using System.Collections.Immutable;

namespace Http2.Conformance;

/// <summary>Ends a case: the server did something else than what was expected.</summary>
internal sealed class CaseFailedException(ImmutableArray<string> expected, string actual) : Exception(actual)
{
    public ImmutableArray<string> Expected { get; } = expected;

    public string Actual { get; } = actual;
}

/// <summary>Ends a case: it does not apply.</summary>
internal sealed class CaseSkippedException(string reason) : Exception(reason)
{
}
