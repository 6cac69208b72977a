using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Http2.Architecture.Tests;

/// <summary>
/// Reads a built assembly and lists what a pure one may not have: tasks, streams, sockets, clocks, locks, randomness, the environment, native
/// calls, and statics that change.
/// </summary>
internal static class PurityScan
{
    // A name that ends in a dot is a namespace; the others are types.
    private static readonly string[] ForbiddenTypes =
    [
        "System.Threading.", "System.IO.", "System.Net.", "System.Security.Cryptography.", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.Diagnostics.Activity", "System.Diagnostics.Tracing.", "System.Diagnostics.Metrics.",
        "System.Collections.Concurrent.", "System.Random", "System.AppContext", "System.Console",
        "System.TimeProvider",
        "System.ThreadStaticAttribute", "System.Buffers.MemoryPool`1", "System.WeakReference",
        "System.WeakReference`1", "System.Runtime.CompilerServices.ConditionalWeakTable`2",
        "System.Runtime.CompilerServices.AsyncStateMachineAttribute", "Microsoft.Extensions.",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.Environment.",
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.GC.Collect",
        "System.GC.GetTotalMemory", "System.GC.CollectionCount",
    ];

    // Read-only fields of these types would still be state that changes.
    private static readonly string[] MutableFieldTypes =
    [
        "System.Collections.Generic.List`1", "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.Queue`1", "System.Collections.Generic.Stack`1", "System.Text.StringBuilder",
    ];

    // The compiler's iterators ask for it so that a second enumeration gets an iterator of its own; nothing else may.
    private const string IteratorThread = "System.Environment.get_CurrentManagedThreadId";

    // Memory that threads share: judged call by call, so that each use has a reason.
    private static readonly string[] SharedMemory =
        ["System.Threading.Interlocked", "System.Threading.Volatile", "System.Buffers.ArrayPool`1", "System.Environment"];

    public static IReadOnlyList<string> Violations(PEReader image)
    {
        var metadata = image.GetMetadataReader();
        return
        [
            .. ForbiddenTypeReferences(metadata).Select(name => $"names {name}"),
            .. ForbiddenMemberReferences(metadata).Select(name => $"uses {name}"),
            .. ChangingStatics(metadata).Select(name => $"has the static {name}, which can change"),
            .. NativeMethods(metadata).Select(name => $"calls native code: {name}"),
        ];
    }

    /// <summary>Which methods use atomics or pooled arrays, as (caller, callee).</summary>
    public static IReadOnlyList<(string Caller, string Callee)> CallsToSharedMemory(PEReader image) =>
    [
        .. CallSites.Of(image)
            .Where(call => SharedMemory.Any(type => call.Callee.StartsWith(type + ".", StringComparison.Ordinal)))
            .Where(call => call.Callee != IteratorThread || !call.Caller.Contains(">d__", StringComparison.Ordinal))
            .Distinct(),
    ];

    private static IEnumerable<string> ForbiddenTypeReferences(MetadataReader metadata) =>
        from handle in metadata.TypeReferences
        let name = Names.Of(metadata, handle)
        where !SharedMemory.Contains(name)
        where ForbiddenTypes.Any(bad => bad.EndsWith('.') ? name.StartsWith(bad, StringComparison.Ordinal) : name == bad)
        select name;

    private static IEnumerable<string> ForbiddenMemberReferences(MetadataReader metadata) =>
        metadata.MemberReferences
            .Select(handle => Names.OfMember(metadata, handle))
            .OfType<string>()
            .Where(name => name != IteratorThread)
            .Where(name => ForbiddenMembers.Any(bad => bad.EndsWith('.') ? name.StartsWith(bad, StringComparison.Ordinal) : name == bad));

    private static IEnumerable<string> ChangingStatics(MetadataReader metadata)
    {
        foreach (var handle in metadata.FieldDefinitions)
        {
            var field = metadata.GetFieldDefinition(handle);
            if (!field.Attributes.HasFlag(FieldAttributes.Static) || field.Attributes.HasFlag(FieldAttributes.Literal))
                continue;
            var name = $"{Names.Of(metadata, field.GetDeclaringType())}.{metadata.GetString(field.Name)}";
            // The compiler keeps delegates of static lambdas here: filled once with a value that is always the same.
            if (name.Contains(".<>c.<>9", StringComparison.Ordinal) || name.Contains(".<>O.<", StringComparison.Ordinal))
                continue;
            if (!field.Attributes.HasFlag(FieldAttributes.InitOnly) || MutableFieldTypes.Contains(TypeOf(metadata, field)))
                yield return name;
        }
    }

    private static string? TypeOf(MetadataReader metadata, FieldDefinition field)
    {
        var blob = metadata.GetBlobReader(field.Signature);
        blob.ReadSignatureHeader();
        var code = blob.ReadSignatureTypeCode();
        if (code == SignatureTypeCode.GenericTypeInstance)
            code = blob.ReadSignatureTypeCode();
        return code == SignatureTypeCode.TypeHandle && blob.ReadTypeHandle() is { Kind: HandleKind.TypeReference } type
            ? Names.Of(metadata, (TypeReferenceHandle)type)
            : null;
    }

    /// <summary>
    /// The fields of objects that can be written after the object was made, as full names; those of properties by the property. Structs are
    /// left out, as is what the compiler makes.
    /// </summary>
    public static IEnumerable<string> FieldsThatMayChange(PEReader image)
    {
        var metadata = image.GetMetadataReader();
        return
            from handle in metadata.TypeDefinitions
            let type = metadata.GetTypeDefinition(handle)
            where !type.BaseType.IsNil && !IsStruct(metadata, type) && !metadata.GetString(type.Name).Contains('<', StringComparison.Ordinal)
            from field in type.GetFields().Select(metadata.GetFieldDefinition)
            where (field.Attributes & (FieldAttributes.Static | FieldAttributes.InitOnly | FieldAttributes.Literal)) == 0
            select $"{Names.Of(metadata, handle)}.{PropertyOrField(metadata.GetString(field.Name))}";
    }

    private static bool IsStruct(MetadataReader metadata, TypeDefinition type) =>
        type.BaseType.Kind == HandleKind.TypeReference
        && Names.Of(metadata, (TypeReferenceHandle)type.BaseType) is "System.ValueType" or "System.Enum";

    // The field of the property P is called <P>k__BackingField.
    private static string PropertyOrField(string name) =>
        name.StartsWith('<') ? name[1..name.IndexOf('>', StringComparison.Ordinal)] : name;

    private static IEnumerable<string> NativeMethods(MetadataReader metadata) =>
        from handle in metadata.MethodDefinitions
        let method = metadata.GetMethodDefinition(handle)
        where method.Attributes.HasFlag(MethodAttributes.PinvokeImpl)
        select $"{Names.Of(metadata, method.GetDeclaringType())}.{metadata.GetString(method.Name)}";
}
