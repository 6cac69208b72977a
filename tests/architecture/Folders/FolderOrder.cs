namespace Http2.Architecture.Tests;

/// <summary>A folder of a project, as the project's <c>folders.txt</c> has it.</summary>
/// <param name="Name">The path within the project, with forward slashes; <c>.</c> is the project's own folder.</param>
/// <param name="Uses">The names of the folders whose declarations its files name.</param>
/// <param name="Purpose">What lies in it, in a few words.</param>
internal sealed record Folder(string Name, IReadOnlyList<string> Uses, string Purpose);

/// <summary>
/// The folders of one project, as its <c>folders.txt</c> lists them: a line for each folder with its path, the folders that it names, and
/// what lies in it, with <c>|</c> between. A folder names only folders on lines above its own, so there can be no circle. Lines that begin
/// with <c>#</c> are comments. A file belongs to the folder with the longest path that it lies beneath: a folder of the list holds those
/// subfolders that are not listed themselves.
/// </summary>
internal sealed class FolderOrder
{
    private const string FileName = "folders.txt";

    private FolderOrder(string project, string assembly, IReadOnlyList<Folder> folders)
    {
        Project = project;
        Assembly = assembly;
        Folders = folders;
    }

    /// <summary>The orders of all projects that have one.</summary>
    public static IReadOnlyList<FolderOrder> All { get; } =
        [.. ProjectFile.All.Where(project => File.Exists(ListOf(project.Folder))).Select(Read)];

    /// <summary>The project's folder, for example <c>src/Http2.Pure</c>.</summary>
    public string Project { get; }

    /// <summary>The name of the assembly that the project is built to.</summary>
    public string Assembly { get; }

    /// <summary>The folders, each after those that it names.</summary>
    public IReadOnlyList<Folder> Folders { get; }

    public static FolderOrder Parse(string project, string assembly, IEnumerable<string> lines) =>
        new(project, assembly, [.. lines.Where(line => line.Length > 0 && line[0] != '#').Select(ParseLine)]);

    /// <summary>The folder of the list that a file belongs to, or null when it lies beneath none of them.</summary>
    /// <param name="file">A path from the repository's root.</param>
    public Folder? Of(string file)
    {
        var within = file[(Project.Length + 1)..];
        return Folders.Where(folder => Holds(folder, within)).MaxBy(folder => folder.Name.Length);
    }

    private static Folder ParseLine(string line)
    {
        var parts = line.Split('|', StringSplitOptions.TrimEntries);
        return parts is [var name, var uses, var purpose]
            ? new Folder(name, uses.Split(' ', StringSplitOptions.RemoveEmptyEntries), purpose)
            : throw new FormatException($"{FileName}: \"{line}\" is not a folder, the folders that it names and its purpose, with | between");
    }

    private static bool Holds(Folder folder, string within) =>
        folder.Name == "." ? !within.Contains('/') : within.StartsWith(folder.Name + "/", StringComparison.Ordinal);

    private static FolderOrder Read(ProjectFile project) => Parse(project.Folder, project.Assembly, File.ReadLines(ListOf(project.Folder)));

    private static string ListOf(string project) => Path.Combine(Repository.Root, project, FileName);
}
