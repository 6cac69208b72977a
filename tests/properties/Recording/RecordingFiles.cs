using Hpack.Pure;
using Http2.Pure;
using Http2.TestSupport;

namespace Http2.Properties.Recordings;

/// <summary>The recordings under tests/recordings: real clients, and the conformance harness.</summary>
internal static class RecordingFiles
{
    public static string Directory { get; } = Find();

    public static Octets Read(string file) => new(File.ReadAllBytes(Path.Combine(Directory, file)));

    public static Recording Load(string file) => Recording.Decode(Read(file)).Match(
        Right: recording => recording, Left: error => throw new InvalidOperationException($"{file} at {error.Offset}: {error.Message}"));

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var found = Path.Combine(at.FullName, "tests", "recordings");
            if (System.IO.Directory.Exists(found))
                return found;
        }
        throw new DirectoryNotFoundException("there is no tests/recordings above the tests");
    }
}

/// <summary>Theory data: a row for each recording.</summary>
public sealed class RecordingFilesAttribute : FileRowsAttribute
{
    protected override IEnumerable<string> Files =>
        Directory.GetFiles(RecordingFiles.Directory, "*.h2rec").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
