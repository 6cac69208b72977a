using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>
/// The folders of a project stand in an order, and each names only those before it. For Hpack.Pure the order is given as arrows: which folders
/// each folder names, no more and no less.
/// </summary>
public sealed class FolderOrderTests
{
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly Dictionary<string, string[]> Orders = new()
    {
        ["Hpack.Pure"] = [.. HpackArrows.Select(folder => folder.Name)],
        ["Http2.Pure"] = ["Protocol", "Frames", "Headers", "Streams", "Connection", "Recording"],
    };

    public static TheoryData<string> Projects => [.. Orders.Keys];

    // Compiling a project takes a while: each is looked at once.
    private static readonly ConcurrentDictionary<string, List<Mention>> Found = new();

    private static (string Name, string[] Names)[] HpackArrows =>
    [
        ("Octets", []),
        ("Protocol", []),
        ("Huffman", ["Protocol"]),
        ("Primitives", ["Protocol", "Huffman"]),
        ("Fields", ["Octets"]),
        ("Tables", ["Fields"]),
        ("Encoding", ["Octets", "Primitives", "Fields", "Tables"]),
        ("Decoding", ["Octets", "Protocol", "Primitives", "Fields", "Tables"]),
        ("Draft08", ["Octets", "Protocol", "Primitives", "Fields", "Tables", "Encoding"]),
    ];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_names_nothing_that_a_later_folder_declares(string project)
    {
        var order = Orders[project];
        Findings.AreNone(
            from mention in Mentions(project)
            where Array.IndexOf(order, FolderOf(mention.Declared)) > Array.IndexOf(order, FolderOf(mention.Place.Path))
            select $"{mention.Place} names {mention.Name}, declared in {mention.Declared}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_file_lies_in_a_folder_that_has_a_place_in_the_order(string project) =>
        Findings.AreNone(Files(project).Where(file => !Orders[project].Contains(FolderOf(file))));

    [Fact]
    public void The_folders_of_Hpack_Pure_name_those_that_their_arrows_lead_to_and_no_others()
    {
        var found = Mentions("Hpack.Pure").Select(mention => (From: FolderOf(mention.Place.Path), To: FolderOf(mention.Declared)))
            .Where(arrow => arrow.From != arrow.To).Select(arrow => $"{arrow.From} -> {arrow.To}").Distinct();
        var listed = HpackArrows.SelectMany(folder => folder.Names.Select(name => $"{folder.Name} -> {name}"));
        Assert.Equal(listed.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Files(string project) => Repository.Files($"src/{project}", "*.cs");

    /// <summary>Every name in a file of the project that another file of it declares.</summary>
    private static List<Mention> Mentions(string project) => Found.GetOrAdd(project, FindMentions);

    private static List<Mention> FindMentions(string project)
    {
        var files = Files(project).ToList();
        Assert.NotEmpty(files);
        var trees = files.Select(Repository.Parse).Append(CSharpSyntaxTree.ParseText(ImplicitUsings, Repository.ParseOptions));
        // The project's own assembly is what is being compiled here, under its own name so that internals of other projects are visible to it.
        var references = Snippet.References.Where(reference => Path.GetFileName(reference.Display) != $"{project}.dll");
        var compilation = Snippet.Compilation(project, trees, references);
        Findings.AreNone(
            compilation.GetDeclarationDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error).Select(found => found.ToString()));
        return [.. compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0).SelectMany(tree => Mentions(compilation, tree))];
    }

    private static IEnumerable<Mention> Mentions(Compilation compilation, SyntaxTree tree)
    {
        var model = compilation.GetSemanticModel(tree);
        foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            var symbol = model.GetSymbolInfo(name).Symbol;
            if (symbol is null or INamespaceSymbol)
                continue;
            foreach (var reference in symbol.DeclaringSyntaxReferences)
            {
                if (reference.SyntaxTree.FilePath is { Length: > 0 } file && file != tree.FilePath)
                    yield return new(name.GetLocation().GetLineSpan(), name.ToString(), file);
            }
        }
    }

    private static string FolderOf(string file) => file.Split('/')[2];

    private readonly record struct Mention(FileLinePositionSpan Place, string Name, string Declared);
}
