using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Http2.Interleavings.Rewriting;

/// <summary>
/// Adds methods to the assembly that give its statics the values that they begin with: a run must not begin with what the run before has left
/// on the thread or in the process.
/// </summary>
internal static class Statics
{
    public const string TypeName = "InterleavingsResets";
    public const string ThreadMethod = "Thread";
    public const string ProcessMethod = "Process";

    private const string ThreadStatic = "System.ThreadStaticAttribute";

    // Types whose statics are more than caches of what never changes.
    private static readonly HashSet<string> Begun = ["Http2.Shell.EffectPool", "Http2.Shell.OwnerWatch"];

    public static void AddResets(ModuleDefinition module)
    {
        var type = new TypeDefinition(
            "", TypeName, TypeAttributes.Class | TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed, module.TypeSystem.Object);
        var thread = Add(type, ThreadMethod, module);
        var process = Add(type, ProcessMethod, module);
        foreach (var owner in module.GetTypes().Where(static owner => !owner.HasGenericParameters).ToList())
        {
            foreach (var field in owner.Fields.Where(static field => field.IsStatic && !field.HasConstant))
            {
                var isThreads = field.CustomAttributes.Any(static attribute => attribute.AttributeType.FullName == ThreadStatic);
                if (isThreads || (Begun.Contains(owner.FullName) && !field.IsInitOnly))
                    Clear(field, isThreads ? thread : process);
            }
            if (Begun.Contains(owner.FullName))
                BeginAgain(owner, process, module);
        }
        thread.Emit(OpCodes.Ret);
        process.Emit(OpCodes.Ret);
        module.Types.Add(type);
    }

    private static ILProcessor Add(TypeDefinition type, string name, ModuleDefinition module)
    {
        var method = new MethodDefinition(name, MethodAttributes.Public | MethodAttributes.Static, module.TypeSystem.Void);
        type.Methods.Add(method);
        method.Body.InitLocals = true;
        return method.Body.GetILProcessor();
    }

    private static void Clear(FieldDefinition field, ILProcessor code)
    {
        Open(field);
        code.Emit(OpCodes.Ldsflda, field);
        code.Emit(OpCodes.Initobj, field.FieldType);
    }

    // What the type's initialiser does, any number of times.
    private static void BeginAgain(TypeDefinition type, ILProcessor code, ModuleDefinition module)
    {
        if (type.Methods.FirstOrDefault(static method => method is { IsConstructor: true, IsStatic: true }) is not { } initialiser)
            return;
        foreach (var field in type.Fields.Where(static field => field.IsStatic))
            field.IsInitOnly = false;
        var begin = new MethodDefinition("BeginAgain", MethodAttributes.Assembly | MethodAttributes.Static, module.TypeSystem.Void)
        {
            Body = initialiser.Body,
        };
        type.Methods.Add(begin);
        initialiser.Body = new MethodBody(initialiser);
        initialiser.Body.GetILProcessor().Emit(OpCodes.Call, begin);
        initialiser.Body.GetILProcessor().Emit(OpCodes.Ret);
        code.Emit(OpCodes.Call, begin);
    }

    private static void Open(FieldDefinition field)
    {
        field.IsAssembly = true;
        for (var type = field.DeclaringType; type.IsNested; type = type.DeclaringType)
            type.IsNestedAssembly = true;
    }
}
