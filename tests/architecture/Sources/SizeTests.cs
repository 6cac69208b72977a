using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>
/// Files, functions, parameter lists, types and folders that fit into a head. What is still too large stands in <c>TooLarge.txt</c>, which is
/// to be emptied: nothing may be added to it, and what has become small enough must leave it.
/// </summary>
public sealed class SizeTests
{
    private static readonly SizeLimits Limits = new(FileLines: 300, FunctionLines: 50, Parameters: 6, Parts: 2, FolderFiles: 18);

    private static readonly string[] Shipped = ["src/"];

    private static readonly string[] Listed = [.. File.ReadLines(ListPath).Where(line => line.Length > 0 && line[0] != '#')];

    private static string ListPath => Path.Combine(Repository.Root, "tests", "architecture", "Sources", "TooLarge.txt");

    [Fact]
    public void No_file_has_more_than_300_lines() => AreListed("file", Repository.Sources.SelectMany(file => Limits.Files(file, Repository.Read(file))));

    [Fact]
    public void No_function_has_more_than_50_lines() =>
        AreListed("function", Repository.Sources.Select(Repository.Parse).SelectMany(Limits.Functions));

    [Fact]
    public void Nothing_that_is_shipped_takes_more_than_6_parameters() =>
        AreListed("parameters", Repository.Sources.Where(IsShipped).Select(Repository.Parse).SelectMany(Limits.ParameterLists));

    [Fact]
    public void No_type_lies_in_more_than_2_files() => AreListed("type", Limits.Types(Repository.Sources.Select(Repository.Parse)));

    [Fact]
    public void No_folder_holds_more_than_18_files() => AreListed("folder", Limits.Folders(Repository.Sources));

    [Fact]
    public void A_long_function_is_found_wherever_it_stands()
    {
        var body = string.Concat(Enumerable.Repeat("_ = 1;\n", 50));
        string[] functions =
        [
            $"void F() {{\n{body}}}",
            $"C() {{\n{body}}}",
            $"int P {{ get {{\n{body}return 1; }} }}",
            $"void F() {{ void G() {{\n{body}}} }}",
            $"List P => new List().Add(1, () => {{\n{body}}});",
        ];
        Assert.All(functions, function => Assert.NotEmpty(Limits.Functions(Parse($"class C {{ {function} }}"))));
        Assert.Empty(Limits.Functions(Parse("class C { void F() {\n} }")));
    }

    [Theory]
    [InlineData("class C { void F(int a, int b, int c, int d, int e, int f, int g) { } }", "C.F")]
    [InlineData("class C { C(int a, int b, int c, int d, int e, int f, int g) { } }", "C.C")]
    [InlineData("record R(int A, int B, int C, int D, int E, int F, int G);", "R")]
    [InlineData("delegate void D(int a, int b, int c, int d, int e, int f, int g);", "D")]
    [InlineData("class C { void F() { void G(int a, int b, int c, int d, int e, int f, int g) { } } }", "C.G")]
    [InlineData("class C { static class E { static void F(this int a, int b, int c, int d, int e, int f, int g) { } } }", "C.E.F")]
    public void A_long_list_of_parameters_is_found_wherever_it_stands(string source, string name)
    {
        Assert.Equal(name, Assert.Single(Limits.ParameterLists(Parse(source))).Name);
        Assert.Empty(Limits.ParameterLists(Parse(source.Replace(", int g", "").Replace(", int G", ""))));
    }

    [Fact]
    public void A_type_in_three_files_is_found()
    {
        string[] sources = ["namespace N; partial class C;", "namespace N; partial class C;", "namespace N; partial class C { partial class D; }"];
        Assert.Equal("C", Assert.Single(Limits.Types(sources.Select(Parse))).Name);
        Assert.Empty(Limits.Types(sources.Skip(1).Select(Parse)));
    }

    [Fact]
    public void A_folder_with_many_files_is_found()
    {
        var files = Enumerable.Range(1, 19).Select(number => $"a/b/{number}.cs").Append("a/1.cs").ToList();
        Assert.Equal("a/b", Assert.Single(Limits.Folders(files)).Name);
        Assert.Empty(Limits.Folders(files.Skip(1)));
    }

    private static void AreListed(string kind, IEnumerable<TooLarge> found)
    {
        var all = found.ToList();
        var names = all.Select(large => $"{kind} {large.Name}").ToHashSet();
        Findings.AreNone(
        [
            .. all.Where(large => !Listed.Contains($"{kind} {large.Name}")).Select(large => large.Message),
            .. Listed.Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal) && !names.Contains(line))
                .Select(line => $"TooLarge.txt: \"{line}\" is needed no longer"),
        ]);
    }

    private static bool IsShipped(string file) => Shipped.Any(root => file.StartsWith(root, StringComparison.Ordinal));

    private static Microsoft.CodeAnalysis.SyntaxTree Parse(string source, int number = 0) =>
        CSharpSyntaxTree.ParseText(source, Repository.ParseOptions, $"{number}.cs");
}
