using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>Files and functions that fit into a head.</summary>
public sealed class SizeTests
{
    private const int MaxFileLines = 400;
    private const int MaxFunctionLines = 60;

    [Fact]
    public void Every_file_has_fewer_than_400_lines() =>
        Findings.AreNone(
            from file in Repository.Sources
            let lines = LineCount(Repository.Read(file))
            where lines >= MaxFileLines
            select $"{file} has {lines} lines");

    [Fact]
    public void Every_function_has_fewer_than_60_lines() =>
        Findings.AreNone(Repository.Sources.SelectMany(file => LongFunctions(Repository.Parse(file), MaxFunctionLines)));

    [Fact]
    public void A_long_function_is_found_wherever_it_stands()
    {
        var body = string.Concat(Enumerable.Repeat("_ = 1;\n", MaxFunctionLines));
        string[] functions =
        [
            $"void F() {{\n{body}}}",
            $"C() {{\n{body}}}",
            $"int P {{ get {{\n{body}return 1; }} }}",
            $"void F() {{ void G() {{\n{body}}} }}",
            $"List P => new List().Add(1, () => {{\n{body}}});",
        ];
        Assert.All(functions, function => Assert.NotEmpty(LongFunctions(Parse($"class C {{ {function} }}"), MaxFunctionLines)));
        Assert.Empty(LongFunctions(Parse("class C { void F() {\n} }"), MaxFunctionLines));
    }

    private static SyntaxTree Parse(string source) => CSharpSyntaxTree.ParseText(source, Repository.ParseOptions);

    private static IEnumerable<string> LongFunctions(SyntaxTree tree, int limit) =>
        from node in tree.GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax
            or PropertyDeclarationSyntax { ExpressionBody: not null }
        where !IsList(node)
        let span = tree.GetLineSpan(node.Span)
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines >= limit
        select $"{tree.FilePath}:{span.StartLinePosition.Line + 1} has {lines} lines";

    // a list of data or of cases is no function, however it is declared; the functions in it are measured by themselves
    private static bool IsList(SyntaxNode node)
    {
        var value = (node as PropertyDeclarationSyntax)?.ExpressionBody?.Expression;
        while (value is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: var before } })
            value = before;
        return value is CollectionExpressionSyntax or BaseObjectCreationExpressionSyntax;
    }

    private static int LineCount(string text) => text.Count(c => c == '\n') + (text.EndsWith('\n') ? 0 : 1);
}
