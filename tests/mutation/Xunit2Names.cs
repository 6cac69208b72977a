using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Xunit.Abstractions
{
    /// <summary>Makes the namespace, which the tests name and xunit 3 does not have.</summary>
    internal static class Moved;
}

namespace Xunit.Sdk
{
    /// <summary>xunit 2's way to give rows, over xunit 3's.</summary>
    public abstract class DataAttribute : v3.DataAttribute
    {
        /// <summary>The rows.</summary>
        public abstract IEnumerable<object[]> GetData(MethodInfo testMethod);

        /// <inheritdoc/>
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
            new([.. GetData(testMethod).Select(row => new TheoryDataRow(row))]);

        /// <inheritdoc/>
        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
