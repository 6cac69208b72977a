using Microsoft.CodeAnalysis;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>
/// The pictures in docs/map show the projects and folders as they are. After a change that is meant, draw them anew:
/// <c>HTTP2SPEC_WRITE_MAP=1 dotnet test tests/architecture -c Release --filter MapTests</c>.
/// </summary>
public sealed class MapTests
{
    private const string Folder = "docs/map";

    public static TheoryData<string> Projects => [.. FolderOrder.All.Select(order => order.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_picture_of_a_projects_folders_shows_what_its_code_names(string project)
    {
        var order = FolderOrder.All.Single(order => order.Project == project);
        var uses = FolderUse.In(order).ToLookup(use => use.User.Name, use => use.Used.Name);
        var rows = order.Folders.Select(folder => new ArrowRow(
            folder.Name == "." ? project.Split('/')[^1] : folder.Name, folder.Purpose, [.. uses[folder.Name].Distinct()]));
        AssertDrawn(project.Split('/')[^1], $"The folders of {project}", [.. rows]);
    }

    [Fact]
    public void The_picture_of_the_projects_shows_what_their_files_refer_to() =>
        AssertDrawn("projects", "The projects", [.. InOrder(ProjectFile.All).Select(project => new ArrowRow(project.Folder, "", project.References))]);

    [Fact]
    public void An_arrow_that_follows_from_others_is_pale()
    {
        var picture = ArrowPicture.Draw("t", [new("a", "", []), new("b", "", ["a"]), new("c", "", ["a", "b"])]);
        var pale = picture.Split('\n').Where(line => line.Contains("#c9d6e4", StringComparison.Ordinal));
        Assert.Contains("c names a", Assert.Single(pale), StringComparison.Ordinal);
    }

    private static void AssertDrawn(string name, string title, IReadOnlyList<ArrowRow> rows)
    {
        var path = Path.Combine(Repository.Root, Folder, name + ".svg");
        var drawn = ArrowPicture.Draw(title, rows);
        if (Environment.GetEnvironmentVariable("HTTP2SPEC_WRITE_MAP") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, drawn);
        }
        Assert.Equal(drawn, File.Exists(path) ? File.ReadAllText(path) : "");
    }

    /// <summary>Projects after those that they refer to, and by name where that leaves a choice.</summary>
    private static List<ProjectFile> InOrder(IReadOnlyList<ProjectFile> projects)
    {
        var left = projects.OrderBy(project => project.Folder, StringComparer.Ordinal).ToList();
        var ordered = new List<ProjectFile>();
        while (left.Count > 0)
        {
            var next = left.First(project => project.References.All(reference => ordered.Any(earlier => earlier.Folder == reference)));
            left.Remove(next);
            ordered.Add(next);
        }
        return ordered;
    }
}
