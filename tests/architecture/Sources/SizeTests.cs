using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>Files, functions, parameter lists, types and folders that fit into a head.</summary>
public sealed class SizeTests
{
    private static readonly SizeLimits Limits = new(FileLines: 300, FunctionLines: 50, Parameters: 6, Parts: 2, FolderFiles: 18);

    private static readonly string[] Shipped = ["src/"];

    [Fact]
    public void No_file_has_more_than_300_lines() => AreNone(Repository.Sources.SelectMany(file => Limits.Files(file, Repository.Read(file))));

    [Fact]
    public void No_function_has_more_than_50_lines() =>
        AreNone(Repository.Sources.Select(Repository.Parse).SelectMany(Limits.Functions));

    [Fact]
    public void Nothing_that_is_shipped_takes_more_than_6_parameters() =>
        AreNone(Repository.Sources.Where(IsShipped).Select(Repository.Parse).SelectMany(Limits.ParameterLists));

    [Fact]
    public void No_type_lies_in_more_than_2_files() => AreNone(Limits.Types(Repository.Sources.Select(Repository.Parse)));

    [Fact]
    public void No_folder_holds_more_than_18_files() => AreNone(Limits.Folders(Repository.Sources));

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

    private static void AreNone(IEnumerable<TooLarge> found) => Findings.AreNone(found.Select(large => large.Message));

    private static bool IsShipped(string file) => Shipped.Any(root => file.StartsWith(root, StringComparison.Ordinal));

    private static Microsoft.CodeAnalysis.SyntaxTree Parse(string source, int number = 0) =>
        CSharpSyntaxTree.ParseText(source, Repository.ParseOptions, $"{number}.cs");
}
