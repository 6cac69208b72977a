using Mono.Cecil;

namespace Http2.Interleavings.Rewriting;

/// <summary>Types of the runtime for which the assembly gets their twins, wherever it names them.</summary>
internal sealed class TypeSwaps(ModuleDefinition module, ModuleDefinition twins)
{
    // Twins whose originals are swapped as a whole; of the others only the methods are that they have.
    private static readonly HashSet<string> Whole =
    [
        "System.Threading.Interlocked", "System.Threading.Volatile", "System.Threading.Lock", "System.Threading.SpinWait",
        "System.Threading.Thread", "System.Threading.ThreadPool", "System.Threading.ManualResetEventSlim", "System.Threading.WaitHandle",
        "System.Threading.EventWaitHandle", "System.Threading.AutoResetEvent", "System.Threading.ManualResetEvent",
        "System.Threading.CancellationTokenSource", "System.Threading.Tasks.TaskCompletionSource", "System.Threading.Tasks.TaskCompletionSource`1",
        "System.Threading.Tasks.Sources.ManualResetValueTaskSourceCore`1",
    ];

    // Ways to wait that have no twin: code that begins to use one must not wait where the schedule does not know of it.
    private static readonly HashSet<string> Unknown =
    [
        "System.Threading.Monitor", "System.Threading.SemaphoreSlim", "System.Threading.Semaphore", "System.Threading.Mutex",
        "System.Threading.ReaderWriterLockSlim", "System.Threading.Barrier", "System.Threading.CountdownEvent",
    ];

    // Types that use one of these and stay outside of scenarios: what a process does once, before it serves.
    private static readonly HashSet<string> Outside = ["Http2.Shell.Http2ProcessReserve"];

    /// <summary>Swaps them.</summary>
    /// <exception cref="InvalidOperationException">A twin lacks something that the assembly uses.</exception>
    public void Swap()
    {
        var scope = new AssemblyNameReference(twins.Assembly.Name.Name, twins.Assembly.Name.Version);
        module.AssemblyReferences.Add(scope);
        FindUnknown();
        foreach (var type in module.GetTypeReferences())
        {
            if (!Whole.Contains(type.FullName))
                continue;
            type.Namespace = CallSwaps.TwinsNamespace;
            type.Scope = scope;
        }
        var missing = module.GetMemberReferences().Where(IsOfTwin).Where(static member => member.Resolve() is null)
            .Select(static member => member.FullName).ToList();
        if (missing.Count > 0)
            throw new InvalidOperationException($"The twins lack {string.Join("; ", missing)}.");
    }

    private void FindUnknown()
    {
        var methods = module.GetTypes().Where(static type => !Outside.Contains(Outermost(type).FullName))
            .SelectMany(static type => type.Methods).Where(static method => method.HasBody);
        foreach (var method in methods)
        {
            var called = method.Body.Instructions.Select(static instruction => (instruction.Operand as MethodReference)?.DeclaringType.FullName);
            if (called.FirstOrDefault(static type => type is not null && Unknown.Contains(type)) is { } unknown)
                throw new InvalidOperationException($"{method.FullName} uses {unknown}, of which there is no twin.");
        }
    }

    private static bool IsOfTwin(MemberReference member) =>
        member.DeclaringType is { } type && Outermost(type.GetElementType()).Namespace == CallSwaps.TwinsNamespace;

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
