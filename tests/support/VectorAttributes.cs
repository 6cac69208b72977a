using Xunit;

namespace Http2.TestSupport;

/// <summary>A fact that needs test vectors; skipped with the reason when they are absent.</summary>
public sealed class VectorFactAttribute : FactAttribute
{
    /// <summary>Needs <paramref name="path"/> under <see cref="Vectors.Root"/>.</summary>
    public VectorFactAttribute(string? path = null) => Skip = Vectors.SkipReason(path);
}

/// <summary>A theory that needs test vectors; skipped with the reason when they are absent.</summary>
public sealed class VectorTheoryAttribute : TheoryAttribute
{
    /// <summary>Needs <paramref name="path"/> under <see cref="Vectors.Root"/>.</summary>
    public VectorTheoryAttribute(string? path = null) => Skip = Vectors.SkipReason(path);
}

/// <summary>Theory data: one row with the file's name for each file of a vector directory, so that each shows as a test of its own.</summary>
public sealed class VectorFilesAttribute(string path, string pattern = "*.json") : Xunit.Sdk.DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) =>
        Vectors.Files(path, pattern).Select(file => new object[] { Path.GetRelativePath(Vectors.Root!, file).Replace('\\', '/') });
}
