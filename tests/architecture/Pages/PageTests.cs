using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>What docs/architecture.md and CONTRIBUTING.md name is there.</summary>
public sealed partial class PageTests
{
    /// <summary>Names of .NET's own, and of the pages' examples.</summary>
    private static readonly string[] Others =
        ["SslStream", "Either", "Octets_that_are_cut_anywhere_give_the_same_result", "NameFrame", "Try", "Arbitrary", "Property", "Fact"];

    private static readonly HashSet<string> Declared =
    [
        .. from file in Repository.Sources
           from node in Repository.Parse(file).GetRoot().DescendantNodes()
           from name in NamesOf(node)
           select name,
        .. FolderOrder.All.SelectMany(order => order.Folders).SelectMany(folder => folder.Name.Split('/')),
    ];

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Every_name_of_code_is_one_of_the_sources(string page) =>
        Findings.AreNone(
            from span in CodeSpan().Matches(WithoutBlocks(Repository.Read(page))).Select(match => match.Groups[1].Value)
            where Name().IsMatch(span)
            from name in span.Split('.')
            where !Declared.Contains(name) && !Others.Contains(name)
            select $"{page}: {span}");

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/verification.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Every_path_is_one_of_the_repository(string page) =>
        Findings.AreNone(
            from span in CodeSpan().Matches(WithoutBlocks(Repository.Read(page))).Select(match => match.Groups[1].Value)
            where Located().IsMatch(span) && !span.Contains("Name", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Repository.Root, span))
            select $"{page}: {span}");

    private static IEnumerable<string> NamesOf(Microsoft.CodeAnalysis.SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        MethodDeclarationSyntax method => [method.Identifier.Text],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        VariableDeclaratorSyntax variable => [variable.Identifier.Text],
        ParameterSyntax parameter => [parameter.Identifier.Text],
        EnumMemberDeclarationSyntax member => [member.Identifier.Text],
        DelegateDeclarationSyntax type => [type.Identifier.Text],
        _ => [],
    };

    private static string WithoutBlocks(string page) => Block().Replace(page, "");

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    /// <summary>One name or several with dots between, each beginning with a capital letter.</summary>
    [GeneratedRegex(@"^[A-Z]\w+(\.[A-Z]\w+)*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(src|spec|tests|docs|bench|samples)/[\w./-]+$")]
    private static partial Regex Located();
}
