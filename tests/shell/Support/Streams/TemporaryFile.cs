namespace Http2.Shell.Tests;

/// <summary>A file with these octets, which is deleted at the end.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] octets) => File.WriteAllBytes(Path, octets);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
