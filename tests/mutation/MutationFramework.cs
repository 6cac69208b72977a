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
        private static readonly string[] LeftOut =
        [
            // judge the tests' own random cases
            "The_traces_reach_every_state_and_every_outcome",
            "The_schedules_reach_what_they_are_meant_to_reach",
            // add threads or octets, not cases
            "Thousands_of_branches_from_one_state_from_many_threads_at_once",
            "Thousands_of_branches_from_one_state_one_after_the_other",
            "Raw_stories_come_back_smaller_than_the_published_ones",
            "A_string_that_Huffman_decoding_takes_beyond_the_limit_is_an_error",
            // Stryker clears out parameters where a method begins, which clears the value whose method it is
            "The_next_count_may_take_the_place_of_this_one",
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
            if (EndlessMutants.ProvenBy is { } test)
                testCases = [Failure(testCases.FirstOrDefault(testCase => testCase.UniqueID == test) ?? testCases.First())];
            return base.RunTestCases(testCases, new Watch(executionMessageSink), executionOptions, cancellationToken);
        }

        private static ExecutionErrorTestCase Failure(IXunitTestCase testCase)
        {
            File.AppendAllText(Path.Combine(AppContext.BaseDirectory, "endless-mutants.txt"), $"{TestHost.Mutant}\n");
            return new(
                testCase.TestMethod, testCase.TestCaseDisplayName, testCase.UniqueID, testCase.SourceFilePath, testCase.SourceLineNumber,
                "the test never ends with this mutant");
        }
    }
}

/// <summary>
/// Sees each test begin and end, for <see cref="EndlessMutants"/>. Tells of tests that fail in the mutated build although no mutant is active:
/// they would kill every mutant. Stryker runs each test that way when it looks which mutants it covers, but does not look whether it passes.
/// </summary>
internal sealed class Watch(IMessageSink inner) : IMessageSink
{
    private static readonly bool NoMutantIsActive = Environment.GetEnvironmentVariable("STRYKER_COVERAGE_FILE") is not null;

    /// <inheritdoc/>
    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestStarting starting:
                EndlessMutants.Begin(starting.TestCaseUniqueID);
                break;
            case ITestFinished finished:
                EndlessMutants.End();
                if (NoMutantIsActive)
                    TestTimes.Keep(finished.TestCaseUniqueID, finished.ExecutionTime);
                break;
            case ITestFailed failed when NoMutantIsActive:
                File.AppendAllText(
                    Path.Combine(AppContext.BaseDirectory, "unsound-tests.txt"), $"{failed.Messages[0]}\n{failed.StackTraces[0]}\n\n");
                break;
        }
        return inner.OnMessage(message);
    }
}

/// <summary>Tables of cases before random ones: a run ends at the first test that fails.</summary>
public sealed class QuickestFirst : ITestCollectionOrderer
{
    // what compares static values with what they should be: every test runs for a mutant of those
    private static readonly string[] First = ["RuleListTests", "StaticTableTests", "HuffmanTests", "ValueTests"];
    private static readonly string[] Late = ["Properties", "ModelTests", "StoryTests", "Draft08PropertyTests", "ImmutabilityTests", "RegressionTests"];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(Rank).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Rank<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        First.Any(name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) ? 0
        : Late.Any(name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) ? 2 : 1;
}
