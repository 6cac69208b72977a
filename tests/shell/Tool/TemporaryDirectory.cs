namespace Http2.Shell.Tests;

/// <summary>A directory of its own for one test, deleted with it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("http2-test-").FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] octets)
    {
        var path = Path.Combine(FullPath, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, octets);
        return path;
    }

    public string MakeDirectory(string name) => Directory.CreateDirectory(Path.Combine(FullPath, name)).FullName;

    public void Link(string name, string target) => File.CreateSymbolicLink(Path.Combine(FullPath, name), target);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
