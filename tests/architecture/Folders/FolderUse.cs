using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Http2.Architecture.Tests;

/// <summary>A place where a file of one folder names what another folder of its project declares.</summary>
/// <param name="User">The folder that names.</param>
/// <param name="Used">The folder that declares.</param>
/// <param name="Place">File, line, name, and the file that declares it.</param>
internal sealed record FolderUse(Folder User, Folder Used, string Place)
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    /// <summary>A partial member without a body: the compiler's generators write those, and do not run here.</summary>
    private const string NoBody = "CS8795";

    private static readonly ConcurrentDictionary<string, IReadOnlyList<FolderUse>> Found = new();

    /// <summary>Every use across folders of a project, in the order of its files.</summary>
    public static IReadOnlyList<FolderUse> In(FolderOrder order) => Found.GetOrAdd(order.Project, _ =>
    {
        var trees = Repository.Files(order.Project, "*.cs").Order(StringComparer.Ordinal).Select(Repository.Parse);
        return Of(order, trees);
    });

    public static IReadOnlyList<FolderUse> Of(FolderOrder order, IEnumerable<SyntaxTree> trees)
    {
        // The project's own assembly is what is compiled here, under its own name so that the internals of others are visible to it.
        var references = Snippet.References.Where(reference => Path.GetFileNameWithoutExtension(reference.Display) != order.Assembly);
        var compilation = Snippet.Compilation(
            order.Assembly, trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, Repository.ParseOptions)), references);
        Findings.AreNone(
            compilation.GetDeclarationDiagnostics()
                .Where(found => found.Severity == DiagnosticSeverity.Error && found.Id != NoBody)
                .Select(found => found.ToString()));
        return [.. compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).SelectMany(tree => In(order, compilation, tree))];
    }

    private static IEnumerable<FolderUse> In(FolderOrder order, Compilation compilation, SyntaxTree tree)
    {
        if (order.Of(tree.FilePath) is not { } user)
            yield break;
        var model = compilation.GetSemanticModel(tree);
        foreach (var node in tree.GetRoot().DescendantNodes().Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax))
        {
            var symbol = model.GetSymbolInfo(node).Symbol;
            if (symbol is null or INamespaceSymbol)
                continue;
            var files = symbol.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath).Where(file => file.Length > 0);
            foreach (var file in files.DistinctBy(order.Of))
            {
                if (order.Of(file) is { } used && used != user)
                    yield return new FolderUse(user, used, $"{node.GetLocation().GetLineSpan()} names {node}, declared in {file}");
            }
        }
    }
}
