using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Http2.Architecture.Tests;

/// <summary>The checkout that the tests run in: its sources, and how they are parsed.</summary>
internal static class Repository
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None);

    private static readonly string[] SourceRoots = ["src", "spec", "tests", "samples", "bench"];

    public static string Root { get; } = FindRoot();

    /// <summary>All C# files that people wrote, as paths from the root with forward slashes.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        [.. SourceRoots.SelectMany(root => Files(root, "*.cs")).Order(StringComparer.Ordinal)];

    /// <summary>The files under <paramref name="directory"/> that match, build output left out.</summary>
    public static IEnumerable<string> Files(string directory, string pattern)
    {
        var full = Path.Combine(Root, directory);
        if (!Directory.Exists(full))
            return [];
        return Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "bin" or "obj" or "StrykerOutput"));
    }

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static SyntaxTree Parse(string file) => CSharpSyntaxTree.ParseText(Read(file), ParseOptions, file);

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Http2Spec.sln")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException("The tests run outside the repository: there is no Http2Spec.sln above them.");
    }
}
