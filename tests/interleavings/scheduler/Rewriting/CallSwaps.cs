using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Http2.Interleavings.Rewriting;

/// <summary>Calls for which the assembly gets calls of static methods here: of single methods of the runtime, and of the system's functions.</summary>
internal sealed class CallSwaps
{
    /// <summary>Where the twins are.</summary>
    public const string TwinsNamespace = "Http2.Interleavings.Twins";

    private readonly ModuleDefinition _module;
    private readonly Dictionary<string, TypeDefinition> _twins;
    private readonly TypeDefinition? _kernel;

    public CallSwaps(ModuleDefinition module, ModuleDefinition twins)
    {
        _module = module;
        _twins = new Dictionary<string, TypeDefinition>
        {
            ["System.Environment"] = twins.GetType(TwinsNamespace, "Environment"),
            ["System.Diagnostics.Stopwatch"] = twins.GetType(TwinsNamespace, "Stopwatch"),
            ["System.IO.FileSystemInfo"] = twins.GetType(TwinsNamespace, "FileSystemInfo"),
            ["System.Runtime.CompilerServices.TaskAwaiter"] = twins.GetType(TwinsNamespace, "Awaiting"),
            ["System.Runtime.CompilerServices.TaskAwaiter`1"] = twins.GetType(TwinsNamespace, "Awaiting"),
            ["System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable/ConfiguredValueTaskAwaiter"] = twins.GetType(TwinsNamespace, "Awaiting"),
            ["System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable`1/ConfiguredValueTaskAwaiter"] = twins.GetType(TwinsNamespace, "Awaiting"),
        };
        _kernel = twins.GetType(TwinsNamespace, "Native");
        var step = twins.GetType(TwinsNamespace, "Step");
        Before = module.ImportReference(step.Methods.Single(static method => method.Name == "Before"));
        Caught = module.ImportReference(step.Methods.Single(static method => method.Name == "Caught"));
    }

    /// <summary>What is called before an operation that is named.</summary>
    public MethodReference Before { get; }

    /// <summary>What is called at the beginning of a handler of exceptions.</summary>
    public MethodReference Caught { get; }

    /// <summary>Swaps the calls in a method.</summary>
    public void Swap(MethodDefinition method)
    {
        foreach (var instruction in method.Body.Instructions)
        {
            if (instruction.Operand is MethodReference called && TwinOf(called) is { } twin)
                (instruction.OpCode, instruction.Operand) = (instruction.OpCode == OpCodes.Ldftn ? OpCodes.Ldftn : OpCodes.Call, twin);
        }
    }

    private MethodReference? TwinOf(MethodReference called)
    {
        if (called is MethodDefinition { IsPInvokeImpl: true } native)
            return Import(_kernel?.Methods.FirstOrDefault(
                method => method.Name == native.PInvokeInfo.EntryPoint && method.Parameters.Count == native.Parameters.Count));
        if (!_twins.TryGetValue(called.DeclaringType.GetElementType().FullName, out var type))
            return null;
        var arguments = (called.DeclaringType as GenericInstanceType)?.GenericArguments;
        var twin = Import(type.Methods.FirstOrDefault(method => method.Name == called.Name
            && method.GenericParameters.Count == (arguments?.Count ?? 0)
            && method.Parameters.Count == called.Parameters.Count + (called.HasThis ? 1 : 0)
            && (!called.HasThis || !called.DeclaringType.IsValueType || IsOf(method, called.DeclaringType))));
        if (twin is null || arguments is null)
            return twin;
        var closed = new GenericInstanceMethod(twin);
        foreach (var argument in arguments)
            closed.GenericArguments.Add(argument);
        return closed;
    }

    // Twins of several types may stand together: the first parameter says whose the method is.
    private static bool IsOf(MethodDefinition method, TypeReference type) =>
        method.Parameters[0].ParameterType.GetElementType().GetElementType().FullName == type.GetElementType().FullName;

    private MethodReference? Import(MethodDefinition? method) => method is null ? null : _module.ImportReference(method);
}
