using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Http2.Architecture.Tests;

/// <summary>Something that is larger than its limit.</summary>
/// <param name="Name">The file's name without its folder, or the type and its member.</param>
/// <param name="Message">Where it stands and how large it is.</param>
internal sealed record TooLarge(string Name, string Message);

/// <summary>The largest files, functions, parameter lists, numbers of files for one type and numbers of files in one folder that are allowed.</summary>
internal sealed record SizeLimits(int FileLines, int FunctionLines, int Parameters, int Parts, int FolderFiles)
{
    public IEnumerable<TooLarge> Files(string file, string text)
    {
        var lines = text.Count(c => c == '\n') + (text.EndsWith('\n') ? 0 : 1);
        return lines > FileLines ? [new TooLarge(Path.GetFileName(file), $"{file} has {lines} lines")] : [];
    }

    public IEnumerable<TooLarge> Functions(SyntaxTree tree) =>
        from node in tree.GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
            or PropertyDeclarationSyntax { ExpressionBody: not null }
        where !IsList(node)
        let span = tree.GetLineSpan(node.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > FunctionLines
        select new TooLarge(NameOf(node), $"{tree.FilePath}:{span.StartLinePosition.Line + 1} {NameOf(node)} has {lines} lines");

    public IEnumerable<TooLarge> ParameterLists(SyntaxTree tree) =>
        from list in tree.GetRoot().DescendantNodes().OfType<ParameterListSyntax>()
        where list.Parameters.Count > Parameters && list.Parent is not AnonymousFunctionExpressionSyntax
        let line = tree.GetLineSpan(list.Span).StartLinePosition.Line + 1
        select new TooLarge(NameOf(list.Parent!), $"{tree.FilePath}:{line} {NameOf(list.Parent!)} has {list.Parameters.Count} parameters");

    public IEnumerable<TooLarge> Types(IEnumerable<SyntaxTree> trees) =>
        from type in trees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>())
        where type.Modifiers.Any(modifier => modifier.ValueText == "partial")
        group type.SyntaxTree.FilePath by (Folder: SpaceOf(type), Name: NameOf(type)) into parts
        let files = parts.Distinct().Count()
        where files > Parts
        select new TooLarge(parts.Key.Name, $"{parts.Key.Name} lies in {files} files: {string.Join(", ", parts.Distinct())}");

    public IEnumerable<TooLarge> Folders(IEnumerable<string> files) =>
        from file in files
        group file by Path.GetDirectoryName(file)!.Replace('\\', '/') into folder
        where folder.Count() > FolderFiles
        select new TooLarge(folder.Key, $"{folder.Key} holds {folder.Count()} files");

    // A list of data or of cases is no function, however it is declared; the functions in it are measured by themselves.
    private static bool IsList(SyntaxNode node)
    {
        var value = (node as PropertyDeclarationSyntax)?.ExpressionBody?.Expression;
        while (value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var before } })
            value = before;
        return value is CollectionExpressionSyntax or BaseObjectCreationExpressionSyntax;
    }

    private static string SpaceOf(SyntaxNode node) =>
        string.Join('.', node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Select(space => space.Name.ToString()));

    /// <summary>The types around a declaration, and its own name; a function without a name has that of the member it stands in.</summary>
    private static string NameOf(SyntaxNode node)
    {
        var member = node.AncestorsAndSelf().First(at => OwnName(at) is not null);
        var types = member.Ancestors().OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text).Reverse();
        return string.Join('.', types.Append(OwnName(member)));
    }

    private static string? OwnName(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        IndexerDeclarationSyntax => "this",
        EventDeclarationSyntax happening => happening.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        OperatorDeclarationSyntax operation => $"operator {operation.OperatorToken.Text}",
        ConversionOperatorDeclarationSyntax conversion => $"operator {conversion.Type}",
        DestructorDeclarationSyntax => "~",
        VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } field => field.Identifier.Text,
        _ => null,
    };
}
