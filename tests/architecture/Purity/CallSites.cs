using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Http2.Architecture.Tests;

/// <summary>Finds which method calls which, by reading the instructions of an assembly.</summary>
internal static class CallSites
{
    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => unchecked((ushort)code.Value), code => code.OperandType);

    /// <summary>Every (caller, callee) of the assembly whose callee lies outside it, as full names with the member.</summary>
    public static IEnumerable<(string Caller, string Callee)> Of(PEReader image)
    {
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                continue;
            var caller = $"{Names.Of(metadata, method.GetDeclaringType())}.{metadata.GetString(method.Name)}";
            foreach (var token in Tokens(image.GetMethodBody(method.RelativeVirtualAddress).GetILReader()))
            {
                if (Names.OfCallee(metadata, token) is { } callee)
                    yield return (caller, callee);
            }
        }
    }

    private static List<EntityHandle> Tokens(BlobReader il)
    {
        var found = new List<EntityHandle>();
        while (il.RemainingBytes > 0)
        {
            ushort code = il.ReadByte();
            if (code == 0xfe)
                code = (ushort)(0xfe00 | il.ReadByte());
            switch (Operands[code])
            {
                case OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineField or OperandType.InlineType:
                    found.Add(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case var operand:
                    il.Offset += SizeOf(operand);
                    break;
            }
        }
        return found;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
