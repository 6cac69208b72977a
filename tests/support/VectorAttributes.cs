using System.Runtime.CompilerServices;
using Xunit;

namespace Http2.TestSupport;

/// <summary>A fact that needs test vectors; skipped with the reason when they are absent.</summary>
public sealed class VectorFactAttribute : FactAttribute
{
    /// <summary>Needs <paramref name="path"/> under <see cref="Vectors.Root"/>.</summary>
    public VectorFactAttribute(
        string? path = null, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Vectors.SkipReason(path);
}

/// <summary>A theory that needs test vectors; skipped with the reason when they are absent.</summary>
public sealed class VectorTheoryAttribute : TheoryAttribute
{
    /// <summary>Needs <paramref name="path"/> under <see cref="Vectors.Root"/>.</summary>
    public VectorTheoryAttribute(
        string? path = null, [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = Vectors.SkipReason(path);
}

/// <summary>Theory data: one row with the file's name for each file of a vector directory, so that each shows as a test of its own.</summary>
public sealed class VectorFilesAttribute(string path, string pattern = "*.json") : FileRowsAttribute
{
    /// <inheritdoc/>
    protected override IEnumerable<string> Files =>
        Vectors.Files(path, pattern).Select(file => Path.GetRelativePath(Vectors.Root!, file).Replace('\\', '/'));
}
