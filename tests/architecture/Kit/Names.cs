using System.Reflection.Metadata;

namespace Http2.Architecture.Tests;

/// <summary>Full names of what metadata refers to.</summary>
internal static class Names
{
    public static string Of(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Of(metadata, (TypeReferenceHandle)type.ResolutionScope)}.{name}"
            : Join(metadata.GetString(type.Namespace), name);
    }

    public static string Of(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? $"{Of(metadata, outer)}.{name}"
            : Join(metadata.GetString(type.Namespace), name);
    }

    /// <summary>The member that a token of an instruction names, when it belongs to another assembly; else null.</summary>
    public static string? OfCallee(MetadataReader metadata, EntityHandle token) => token.Kind switch
    {
        HandleKind.MethodSpecification => OfCallee(metadata, metadata.GetMethodSpecification((MethodSpecificationHandle)token).Method),
        HandleKind.MemberReference => OfMember(metadata, (MemberReferenceHandle)token),
        _ => null,
    };

    public static string? OfMember(MetadataReader metadata, MemberReferenceHandle handle)
    {
        var member = metadata.GetMemberReference(handle);
        var name = metadata.GetString(member.Name);
        return member.Parent.Kind switch
        {
            HandleKind.TypeReference => $"{Of(metadata, (TypeReferenceHandle)member.Parent)}.{name}",
            HandleKind.TypeSpecification when GenericType(metadata, (TypeSpecificationHandle)member.Parent) is { } type => $"{type}.{name}",
            _ => null,
        };
    }

    // ArrayPool<T> and its like: the blob says GENERICINST, class or value type, then the type's token.
    private static string? GenericType(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return null;
        blob.ReadByte();
        var type = blob.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? Of(metadata, (TypeReferenceHandle)type) : null;
    }

    private static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";
}
