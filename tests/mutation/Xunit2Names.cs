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
        private const int MostRows = 20;

        /// <summary>The rows.</summary>
        public abstract IEnumerable<object[]> GetData(MethodInfo testMethod);

        /// <summary>Of many files a few, spread evenly: the others say the same about a mutant.</summary>
        public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
        {
            var rows = GetData(testMethod).ToArray();
            var step = 1 + rows.Length / MostRows;
            return new([.. rows.Where((_, i) => i % step == 0).Select(row => new TheoryDataRow(row))]);
        }

        /// <inheritdoc/>
        public override bool SupportsDiscoveryEnumeration() => true;
    }
}
