using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Http2.Interleavings.Rewriting;

/// <summary>
/// Adds steps before what threads share and no twin stands for: volatile fields, and objects of the runtime that are safe on any thread and
/// that nobody waits in. And has handlers of exceptions let pass what unwinds a strand.
/// </summary>
internal static class Steps
{
    private static readonly HashSet<string> Shared =
    [
        "System.Collections.Concurrent.ConcurrentQueue`1", "System.Collections.Concurrent.ConcurrentDictionary`2",
        "System.IO.Pipelines.PipeReader", "System.IO.Pipelines.PipeWriter",
        "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable/ConfiguredValueTaskAwaiter",
        "System.Runtime.CompilerServices.ConfiguredValueTaskAwaitable`1/ConfiguredValueTaskAwaiter",
    ];

    // Of those, what only makes a value, or gives what is known to be there.
    private static readonly HashSet<string> Unshared = [".ctor", "GetResult", "get_Version", "GetStatus"];

    // Types whose ordinary fields several threads use without more: what makes that safe is what is to be shown.
    private static readonly HashSet<string> Plain = ["Http2.Shell.ReadyBatch", "Http2.Shell.SourceTable", "Http2.Shell.RunQueue"];

    /// <summary>Adds them to a method.</summary>
    public static void Add(MethodDefinition method, CallSwaps calls)
    {
        var code = method.Body.GetILProcessor();
        foreach (var instruction in method.Body.Instructions.ToList())
        {
            if (Operation(method, instruction) is not { } operation)
                continue;
            var first = instruction;
            while (first.Previous?.OpCode.OpCodeType == OpCodeType.Prefix)
                first = first.Previous;
            code.InsertBefore(first, Instruction.Create(OpCodes.Ldstr, operation), Instruction.Create(OpCodes.Call, calls.Before));
        }
        foreach (var start in method.Body.ExceptionHandlers.Where(CatchesAll).Select(static handler => handler.HandlerStart).Distinct())
            code.InsertBefore(start, Instruction.Create(OpCodes.Dup), Instruction.Create(OpCodes.Call, calls.Caught));
        if (method.Body.HasExceptionHandlers || method.Body.Instructions.Count > 0)
            Mono.Cecil.Rocks.MethodBodyRocks.Optimize(Widened(method.Body));
    }

    private static string? Operation(MethodDefinition method, Instruction instruction)
    {
        if (instruction.Operand is FieldReference field && instruction.Previous?.OpCode == OpCodes.Volatile)
            return $"{(instruction.OpCode.Code is Code.Ldfld or Code.Ldsfld ? "read" : "write")} of {field.DeclaringType.Name}.{field.Name}";
        if (instruction is { OpCode.Code: Code.Ldfld or Code.Stfld, Operand: FieldReference plain } && Plain.Contains(plain.DeclaringType.FullName)
            && !method.IsConstructor && plain.Resolve() is { } definition && (!definition.IsInitOnly || definition.FieldType.IsArray))
            return $"{(instruction.OpCode.Code == Code.Ldfld ? "read" : "write")} of {plain.DeclaringType.Name}.{plain.Name}";
        if (instruction.OpCode.Code is Code.Call or Code.Callvirt && instruction.Operand is MethodReference called
            && Shared.Contains(called.DeclaringType.GetElementType().FullName) && !Unshared.Contains(called.Name))
            return $"{called.DeclaringType.GetElementType().Name}.{called.Name}";
        return null;
    }

    private static bool CatchesAll(ExceptionHandler handler) => handler.HandlerType == ExceptionHandlerType.Filter
        || (handler.HandlerType == ExceptionHandlerType.Catch && handler.CatchType.FullName is "System.Exception" or "System.Object");

    // Short branches may have become too short.
    private static MethodBody Widened(MethodBody body)
    {
        Mono.Cecil.Rocks.MethodBodyRocks.SimplifyMacros(body);
        return body;
    }
}
