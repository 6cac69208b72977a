using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Http2.Interleavings.Rewriting;

/// <summary>
/// Has an assembly call the twins of what its threads share: everything else of it stays as the compiler has made it, so the scenarios run the
/// product's own code, and the product needs no seams for them.
/// </summary>
internal static class AssemblyRewriter
{
    /// <summary>Rewrites a file, and the symbols beside it; one that was rewritten before is left alone.</summary>
    /// <exception cref="InvalidOperationException">The assembly uses something for which there is no twin.</exception>
    public static void Rewrite(string path)
    {
        var mine = typeof(AssemblyRewriter).Assembly;
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(Path.GetFullPath(path)));
        resolver.AddSearchDirectory(Path.GetDirectoryName(mine.Location));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        var symbols = File.Exists(Path.ChangeExtension(path, ".pdb"));
        var reading = new ReaderParameters { AssemblyResolver = resolver, InMemory = true, ReadSymbols = symbols };
        using var module = ModuleDefinition.ReadModule(path, reading);
        if (module.AssemblyReferences.Any(reference => reference.Name == mine.GetName().Name))
            return;
        using var twins = ModuleDefinition.ReadModule(mine.Location, new ReaderParameters { AssemblyResolver = resolver });
        Statics.AddResets(module);
        var types = new TypeSwaps(module, twins);
        var calls = new CallSwaps(module, twins);
        foreach (var method in module.GetTypes().SelectMany(static type => type.Methods).Where(static method => method.HasBody))
        {
            calls.Swap(method);
            Steps.Add(method, calls);
        }
        types.Swap();
        module.Write(path, new WriterParameters { WriteSymbols = symbols });
    }
}

/// <summary>Changes to the instructions of a method that leave its branches where they belong.</summary>
internal static class Instructions
{
    /// <summary>Puts instructions before one, so that whoever branches to it meets them too.</summary>
    public static void InsertBefore(this ILProcessor code, Instruction target, params ReadOnlySpan<Instruction> added)
    {
        // the target becomes the first of those that are added, and a copy of it follows them
        var copy = Instruction.Create(OpCodes.Nop);
        (copy.OpCode, copy.Operand) = (target.OpCode, target.Operand);
        (target.OpCode, target.Operand) = (added[0].OpCode, added[0].Operand);
        var last = target;
        foreach (var instruction in added[1..])
        {
            code.InsertAfter(last, instruction);
            last = instruction;
        }
        code.InsertAfter(last, copy);
    }
}
