using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>Inside Http2.Pure each folder knows only those before it.</summary>
public sealed class FolderOrderTests
{
    private const string Project = "src/Http2.Pure";

    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly string[] Order = ["Protocol", "Frames", "Headers", "Streams", "Connection", "Recording"];

    [Fact]
    public void A_folder_of_Http2_Pure_names_nothing_that_a_later_folder_declares()
    {
        var files = Repository.Files(Project, "*.cs").ToList();
        Assert.NotEmpty(files);
        var trees = files.Select(Repository.Parse).Append(CSharpSyntaxTree.ParseText(ImplicitUsings, Repository.ParseOptions));
        // The project's own assembly is what is being compiled here, under its own name so that internals of Hpack.Pure are visible to it.
        var references = Snippet.References.Where(reference => Path.GetFileName(reference.Display) != "Http2.Pure.dll");
        var compilation = Snippet.Compilation("Http2.Pure", trees, references);
        Findings.AreNone(
            compilation.GetDeclarationDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        Findings.AreNone(compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).SelectMany(tree => LooksAhead(compilation, tree)));
    }

    [Fact]
    public void Every_file_of_Http2_Pure_lies_in_a_folder_that_has_a_place_in_the_order() =>
        Findings.AreNone(Repository.Files(Project, "*.cs").Where(file => PlaceOf(file) < 0));

    private static IEnumerable<string> LooksAhead(Compilation compilation, SyntaxTree tree)
    {
        var place = PlaceOf(tree.FilePath);
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            var later = symbol is INamespaceSymbol ? null : symbol?.DeclaringSyntaxReferences
                .Select(reference => reference.SyntaxTree.FilePath)
                .FirstOrDefault(file => file.Length > 0 && PlaceOf(file) > place);
            if (later is not null)
                yield return $"{name.GetLocation().GetLineSpan()} names {name}, declared in {later}";
        }
    }

    private static int PlaceOf(string file) => Array.IndexOf(Order, file.Split('/')[2]);
}
