using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Http2.Architecture.Tests;

/// <summary>Compiles source in memory.</summary>
internal static class Snippet
{
    /// <summary>The assemblies of the running framework, and those beside the tests.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Compilation(string name, IEnumerable<SyntaxTree> trees, IEnumerable<MetadataReference> references) =>
        CSharpCompilation.Create(
            name, trees, references, new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));

    public static PEReader Compile(string source)
    {
        var image = new MemoryStream();
        var result = Compilation("Snippet", [CSharpSyntaxTree.ParseText(source, Repository.ParseOptions)], References).Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join(Environment.NewLine, result.Diagnostics));
        image.Position = 0;
        return new PEReader(image);
    }
}
