using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(Http2.Mutation.MutationFramework))]
[assembly: TestCollectionOrderer(typeof(Http2.Mutation.QuickestFirst))]

namespace Http2.Mutation;

/// <summary>xunit's framework, without the tests that only add time, and in a process that suits the mutant (<see cref="TestHost"/>).</summary>
public sealed class MutationFramework : XunitTestFramework
{
    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) => new Discoverer(Described(assembly));

    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) => new Executor(Described(assembly));

    private IXunitTestAssembly Described(Assembly assembly) => (IXunitTestAssembly)base.CreateDiscoverer(assembly).TestAssembly;

    private sealed class Discoverer(IXunitTestAssembly assembly) : XunitTestFrameworkDiscoverer(assembly)
    {
        // They judge the tests' own random cases, or add threads, not cases.
        private static readonly string[] LeftOut =
        [
            "The_traces_reach_every_state_and_every_outcome",
            "The_schedules_reach_what_they_are_meant_to_reach",
            "Thousands_of_branches_from_one_state_from_many_threads_at_once",
            "Raw_stories_come_back_smaller_than_the_published_ones",
        ];

        protected override ValueTask<bool> FindTestsForMethod(
            IXunitTestMethod testMethod, ITestFrameworkDiscoveryOptions discoveryOptions, Func<ITestCase, ValueTask<bool>> discoveryCallback) =>
            LeftOut.Contains(testMethod.MethodName) ? new(true) : base.FindTestsForMethod(testMethod, discoveryOptions, discoveryCallback);
    }

    private sealed class Executor(IXunitTestAssembly assembly) : XunitTestFrameworkExecutor(assembly)
    {
        private readonly int _all = assembly.Assembly.GetExportedTypes()
            .Sum(type => type.GetMethods().Count(method => method.GetCustomAttributes().Any(attribute => attribute is IFactAttribute)));

        public override ValueTask RunTestCases(
            IReadOnlyCollection<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions,
            CancellationToken cancellationToken)
        {
            // Stryker runs every test for the mutants of static values, and a choice of tests for any other
            TestHost.Suit(everyTest: testCases.Count * 10 >= _all * 9);
            return base.RunTestCases(testCases, executionMessageSink, executionOptions, cancellationToken);
        }
    }
}

/// <summary>Tables of cases before random ones: a run ends at the first test that fails.</summary>
public sealed class QuickestFirst : ITestCollectionOrderer
{
    private static readonly string[] Late = ["Properties", "ModelTests", "StoryTests", "Draft08PropertyTests", "ImmutabilityTests", "RegressionTests"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Rank).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Late.Any(late => collection.TestCollectionDisplayName.Contains(late, StringComparison.Ordinal)) ? 1 : 0;
}
