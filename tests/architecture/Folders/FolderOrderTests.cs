using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>The folders of a project name each other as the project's <c>folders.txt</c> says, and never in a circle.</summary>
public sealed class FolderOrderTests
{
    public static TheoryData<string> Projects => [.. FolderOrder.All.Select(order => order.Project)];

    [Fact]
    public void Every_project_that_is_shipped_and_has_folders_lists_them() =>
        Findings.AreNone(
            ProjectFile.All.Select(project => project.Folder)
                .Where(folder => folder.StartsWith("src/", StringComparison.Ordinal) || folder.StartsWith("spec/", StringComparison.Ordinal))
                .Where(folder => Repository.Files(folder, "*.cs").Any())
                .Except(FolderOrder.All.Select(order => order.Project)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_names_only_folders_on_lines_above_its_own(string project) => Findings.AreNone(Circles(OrderOf(project)));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_name_those_that_are_listed_for_them_and_no_others(string project) =>
        Findings.AreNone(Differences(OrderOf(project), FolderUse.In(OrderOf(project))));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_file_lies_in_a_folder_that_is_listed(string project) =>
        Findings.AreNone(Repository.Files(project, "*.cs").Where(file => OrderOf(project).Of(file) is null));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_listed_folder_holds_files_and_says_what_they_are_about(string project)
    {
        var order = OrderOf(project);
        var files = Repository.Files(project, "*.cs").Select(order.Of).ToHashSet();
        Findings.AreNone(
            from folder in order.Folders
            where !files.Contains(folder) || folder.Purpose.Length == 0
            select $"{project}/{folder.Name}");
    }

    [Fact]
    public void What_is_not_listed_is_found_and_so_is_what_is_listed_in_vain()
    {
        var order = FolderOrder.Parse("p", "Sample", ["# comment", "Low | | values", "", "Low/Beside | Low | more", "High | Low Low/Beside | all"]);
        (string File, string Text)[] sources =
        [
            ("p/Low/A.cs", "public class A { D? d; }"),
            ("p/Low/Inner/B.cs", "public class B { public A? A; C? c; }"),
            ("p/Low/Beside/C.cs", "public class C { public A A { get; } = new(); }"),
            ("p/High/D.cs", "public class D { public static A F(B b) => b.A!; }"),
        ];
        var uses = FolderUse.Of(order, sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, Repository.ParseOptions, source.File)));
        var found = Differences(order, uses).ToList();
        Assert.Equal(3, found.Count);
        Assert.Contains("p/Low/A.cs", found[0]);
        Assert.Contains("names D, declared in p/High/D.cs", found[0]);
        Assert.Contains("names C, declared in p/Low/Beside/C.cs", found[1]);
        Assert.Equal("p/High does not name Low/Beside", found[2]);
        Assert.Null(order.Of("p/Other/E.cs"));
        Assert.Null(order.Of("p/E.cs"));
    }

    [Fact]
    public void A_circle_is_found() =>
        Assert.Single(Circles(FolderOrder.Parse("p", "Sample", ["A | B | first", "B | A | second"])));

    private static IEnumerable<string> Circles(FolderOrder order) =>
        from folder in order.Folders.Index()
        let before = order.Folders.Take(folder.Index).Select(earlier => earlier.Name)
        from name in folder.Item.Uses.Except(before)
        select $"{order.Project}/{folder.Item.Name} names {name}, which no line above has";

    private static IEnumerable<string> Differences(FolderOrder order, IReadOnlyList<FolderUse> uses) =>
    [
        .. uses.Where(use => !use.User.Uses.Contains(use.Used.Name)).Select(use => use.Place).Distinct(),
        .. from folder in order.Folders
           from name in folder.Uses
           where !uses.Any(use => use.User == folder && use.Used.Name == name)
           select $"{order.Project}/{folder.Name} does not name {name}",
    ];

    private static FolderOrder OrderOf(string project) => FolderOrder.All.Single(order => order.Project == project);
}
