using System.Xml.Linq;

namespace Http2.Architecture.Tests;

/// <summary>A project of the solution: where it lies, what it is built to, and the projects that it refers to.</summary>
/// <param name="Folder">The path of its folder from the repository's root, for example <c>src/Http2.Pure</c>.</param>
/// <param name="Assembly">The name of its assembly.</param>
/// <param name="References">The folders of the projects that it refers to.</param>
internal sealed record ProjectFile(string Folder, string Assembly, IReadOnlyList<string> References)
{
    private static readonly string[] Roots = ["src", "spec", "tests", "samples", "bench"];

    /// <summary>All projects, in the order of their paths.</summary>
    public static IReadOnlyList<ProjectFile> All { get; } =
        [.. Roots.SelectMany(root => Repository.Files(root, "*.??proj")).Order(StringComparer.Ordinal).Select(Read)];

    private static ProjectFile Read(string file)
    {
        var project = XDocument.Parse(Repository.Read(file));
        var folder = Path.GetDirectoryName(file)!;
        var assembly = project.Descendants("AssemblyName").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(file);
        var references = project.Descendants("ProjectReference").Select(reference => FolderOf(folder, reference.Attribute("Include")!.Value));
        return new ProjectFile(folder.Replace('\\', '/'), assembly, [.. references]);
    }

    private static string FolderOf(string folder, string include)
    {
        var full = Path.GetFullPath(Path.Combine(Repository.Root, folder, include.Replace('\\', '/')));
        return Path.GetRelativePath(Repository.Root, Path.GetDirectoryName(full)!).Replace('\\', '/');
    }
}
