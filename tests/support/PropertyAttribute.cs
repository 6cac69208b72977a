// Stands in for the package FsCheck.Xunit, with its namespace and option names: reference the package and delete this file to have it instead.
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace FsCheck.Xunit;

/// <summary>Runs the method as an FsCheck property: its arguments are generated, and a failure is shrunk and printed with its seed.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("FsCheck.Xunit.PropertyDiscoverer", "Http2.TestSupport")]
public sealed class PropertyAttribute : FactAttribute
{
    /// <summary>How many cases must pass.</summary>
    public int MaxTest { get; set; } = 100;

    /// <summary>How many cases a precondition may reject for each that counts.</summary>
    public int MaxRejected { get; set; } = 10;

    /// <summary>The size handed to generators for the first case.</summary>
    public int StartSize { get; set; } = 1;

    /// <summary>The size handed to generators for the last case.</summary>
    public int EndSize { get; set; } = 100;

    /// <summary>The seed of a failed run, as it was printed: <c>seed,gamma</c> or <c>seed,gamma,size</c>.</summary>
    public string? Replay { get; set; }

    /// <summary>Types whose public static members are arbitrary instances; later ones override earlier ones.</summary>
    public Type[] Arbitrary { get; set; } = [];

    /// <summary>Prints every case.</summary>
    public bool Verbose { get; set; }

    /// <summary>Prints nothing when the property holds.</summary>
    public bool QuietOnSuccess { get; set; }
}

/// <summary>Finds properties; xunit makes it by name.</summary>
public sealed class PropertyDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    /// <inheritdoc/>
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo attribute)
    {
        yield return new PropertyTestCase(
            messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method);
    }
}

/// <summary>A property as a test case of xunit's.</summary>
public sealed class PropertyTestCase : XunitTestCase
{
    /// <summary>For xunit, which fills it by deserialising.</summary>
    [Obsolete("Called by the de-serializer; should only be called by deriving classes for de-serialization purposes")]
    [SuppressMessage("Style", "IDE0290", Justification = "xunit needs both constructors")]
    public PropertyTestCase()
    {
    }

    /// <summary>Makes a case.</summary>
    public PropertyTestCase(IMessageSink messages, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(messages, display, options, method)
    {
    }

    /// <inheritdoc/>
    public override Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments,
        ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource) =>
        new PropertyTestCaseRunner(this, DisplayName, SkipReason, constructorArguments, messageBus, aggregator, cancellationTokenSource)
            .RunAsync();
}

internal sealed class PropertyTestCaseRunner(
    IXunitTestCase testCase, string displayName, string? skipReason, object[] constructorArguments,
    IMessageBus messageBus, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
    : XunitTestCaseRunner(testCase, displayName, skipReason, constructorArguments, [], messageBus, aggregator, cancellation)
{
    protected override Task<RunSummary> RunTestAsync() =>
        new PropertyTestRunner(
            new XunitTest(TestCase, DisplayName), MessageBus, TestClass, ConstructorArguments, TestMethod, SkipReason,
            BeforeAfterAttributes, new ExceptionAggregator(Aggregator), CancellationTokenSource).RunAsync();
}

internal sealed class PropertyTestRunner(
    ITest test, IMessageBus bus, Type testClass, object[] constructorArguments, MethodInfo method, string? skipReason,
    IReadOnlyList<BeforeAfterTestAttribute> beforeAfter, ExceptionAggregator aggregator, CancellationTokenSource cancellation)
    : XunitTestRunner(test, bus, testClass, constructorArguments, method, [], skipReason, beforeAfter, aggregator, cancellation)
{
    protected override async Task<Tuple<decimal, string>> InvokeTestAsync(ExceptionAggregator aggregator)
    {
        var output = new TestOutputHelper();
        output.Initialize(MessageBus, Test);
        var time = await new PropertyInvoker(
            Test, MessageBus, TestClass, WithOutput(output), TestMethod, BeforeAfterAttributes, aggregator, CancellationTokenSource, output)
            .RunAsync();
        var text = output.Output;
        output.Uninitialize();
        return Tuple.Create(time, text);
    }

    private object[] WithOutput(TestOutputHelper output)
    {
        var arguments = ConstructorArguments.ToArray();
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is TestOutputHelper)
                arguments[i] = output;
        }
        return arguments;
    }
}

internal sealed class PropertyInvoker(
    ITest test, IMessageBus bus, Type testClass, object[] constructorArguments, MethodInfo method,
    IReadOnlyList<BeforeAfterTestAttribute> beforeAfter, ExceptionAggregator aggregator, CancellationTokenSource cancellation,
    TestOutputHelper output)
    : XunitTestInvoker(test, bus, testClass, constructorArguments, method, [], beforeAfter, aggregator, cancellation)
{
    // Properties run for long and are plain code: keep them off xunit's own synchronisation context.
    protected override Task<decimal> InvokeTestMethodAsync(object? testClassInstance) =>
        Task.Run(() =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            Aggregator.Run(() => Check(testClassInstance));
            Timer.Aggregate(clock.Elapsed);
            return (decimal)clock.Elapsed.TotalSeconds;
        });

    private void Check(object? target)
    {
        var options = TestMethod.GetCustomAttribute<PropertyAttribute>()!;
        var runner = new CollectingRunner();
        var config = (options.Verbose ? Config.Verbose : Config.Quick)
            .WithMaxTest(options.MaxTest)
            .WithMaxRejected(options.MaxRejected)
            .WithStartSize(options.StartSize)
            .WithEndSize(options.EndSize)
            .WithArbitrary(options.Arbitrary)
            .WithQuietOnSuccess(options.QuietOnSuccess)
            .WithReplay(ParseReplay(options.Replay))
            .WithRunner(runner);
        FsCheck.Check.Method(config, TestMethod, target is null ? FSharpOption<object>.None : FSharpOption<object>.Some(target));
        if (options.Verbose)
            output.WriteLine(runner.Log);
        if (runner.Result is null)
            throw new XunitException("FsCheck ran nothing: a property needs generated arguments or a Property as its result.");
        var text = Runner.onFinishedToStringWithFormatter(FuncConvert.FromFunc<object, string>(Show.Value), TestMethod.Name, runner.Result);
        if (runner.Result is TestResult.Failed failed)
            throw new XunitException($"{text}\nReplay = \"{Seed(failed)}\"");
        if (runner.Result is TestResult.Exhausted)
            throw new XunitException(text);
        if (!options.QuietOnSuccess)
            output.WriteLine(text);
    }

    // The seed of the last step with its size: replays the failing case first, then shrinks it again.
    private static string Seed(TestResult.Failed failed) => $"{failed.Item6.Seed},{failed.Item6.Gamma},{failed.Item7}";

    private static FSharpOption<Replay>? ParseReplay(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return FSharpOption<Replay>.None;
        var parts = text.Trim('(', ')').Split(',');
        var size = parts.Length > 2 ? FSharpOption<int>.Some(int.Parse(parts[2])) : FSharpOption<int>.None;
        return FSharpOption<Replay>.Some(new Replay(new Rnd(ulong.Parse(parts[0]), ulong.Parse(parts[1])), size));
    }
}

internal sealed class CollectingRunner : IRunner
{
    private readonly System.Text.StringBuilder _log = new();

    public TestResult? Result { get; private set; }

    public string Log => _log.ToString();

    public void OnStartFixture(Type t)
    {
    }

    public void OnArguments(
        int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every) =>
        _log.Append(every.Invoke(ntest).Invoke(args));

    public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) =>
        _log.Append(everyShrink.Invoke(args));

    public void OnFinished(string name, TestResult testResult) => Result = testResult;
}

internal static class Show
{
    /// <summary>Octets in hexadecimal, anything else as it shows itself: a counterexample is there to be copied into a test.</summary>
    public static string Value(object? value) => value switch
    {
        null => "null",
        byte[] octets => $"0x{Convert.ToHexStringLower(octets)}",
        string text => $"\"{text}\"",
        System.Runtime.CompilerServices.ITuple tuple =>
            $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Value(tuple[i])))})",
        System.Collections.IEnumerable items when IsPlainCollection(value.GetType()) =>
            $"[{string.Join("; ", items.Cast<object?>().Select(Value))}]",
        _ => value.ToString() ?? "",
    };

    // Collections without a text of their own; a record that happens to be enumerable shows itself.
    private static bool IsPlainCollection(Type type) =>
        type.IsArray || type.Namespace is { } name && name.StartsWith("System.Collections", StringComparison.Ordinal);
}
