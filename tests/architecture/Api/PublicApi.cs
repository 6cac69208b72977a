using Microsoft.CodeAnalysis;

namespace Http2.Architecture.Tests;

/// <summary>The public API of a built assembly as lines, each type followed by its members, sorted.</summary>
internal static class PublicApi
{
    private static readonly SymbolDisplayFormat TypeFormat = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints
            | SymbolDisplayGenericsOptions.IncludeVariance,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameOnly,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        SymbolDisplayMemberOptions.IncludeAccessibility | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeType
            | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static IEnumerable<string> Of(string assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        var reference = Snippet.References.Single(found => found.Display == path);
        var compilation = Snippet.Compilation("Reader", [], Snippet.References);
        var symbol = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!;
        return Types(symbol.GlobalNamespace)
            .OrderBy(type => type.ToDisplayString(TypeFormat), StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(Head(type)));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>().SelectMany(member => member is INamedTypeSymbol type
            ? IsVisible(type) ? Types(type).Prepend(type) : []
            : Types(member));

    private static string Head(INamedTypeSymbol type)
    {
        var modifiers = (type.IsStatic ? "static " : type.IsAbstract && type.TypeKind == TypeKind.Class ? "abstract " : "")
            + (type.IsSealed && type.TypeKind == TypeKind.Class && !type.IsStatic ? "sealed " : "");
        var bases = type.TypeKind == TypeKind.Enum ? [type.EnumUnderlyingType!]
            : new[] { type.BaseType }.OfType<INamedTypeSymbol>().Where(b => b.SpecialType is not (SpecialType.System_Object
                or SpecialType.System_ValueType or SpecialType.System_MulticastDelegate)).Concat(type.Interfaces);
        var names = bases.Select(b => b.ToDisplayString(MemberFormat)).Order(StringComparer.Ordinal).ToList();
        return $"public {modifiers}{type.ToDisplayString(TypeFormat)}{(names.Count > 0 ? " : " + string.Join(", ", names) : "")}";
    }

    private static IEnumerable<string> Members(INamedTypeSymbol type) =>
        type.GetMembers()
            .Where(IsVisible)
            .Where(member => member is not (INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null }))
            .Where(member => type.TypeKind != TypeKind.Enum || member is IFieldSymbol)
            // what the compiler adds to records and enums is no decision of ours
            .Where(member => !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute"))
            .Select(member => "    " + member.ToDisplayString(MemberFormat));

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
