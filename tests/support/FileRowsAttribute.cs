using System.Globalization;
using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Http2.TestSupport;

/// <summary>
/// Theory data: a row for each of many files. The environment variable <c>HTTP2SPEC_FILES</c> bounds how many of them are taken, spread evenly:
/// mutation testing takes few, because the others say the same about a mutant.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class FileRowsAttribute : DataAttribute
{
    /// <summary>The environment variable with the bound.</summary>
    public const string Bound = "HTTP2SPEC_FILES";

    /// <summary>What the test gets of each file, in order.</summary>
    protected abstract IEnumerable<string> Files { get; }

    /// <inheritdoc/>
    public sealed override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var files = Files.ToArray();
        var step = Environment.GetEnvironmentVariable(Bound) is { Length: > 0 } most
            ? 1 + files.Length / int.Parse(most, CultureInfo.InvariantCulture)
            : 1;
        return new([.. files.Where((_, i) => i % step == 0).Select(file => new TheoryDataRow(file))]);
    }

    /// <inheritdoc/>
    public sealed override bool SupportsDiscoveryEnumeration() => true;
}
