using System.Text.Json;

namespace Http2.TestSupport;

/// <summary>One case of a story: a header block and the list it stands for.</summary>
/// <param name="SeqNo">Its number in the story, from 0.</param>
/// <param name="HeaderTableSize">The table size set before this block, or null.</param>
/// <param name="Wire">The encoded block; empty in raw stories.</param>
/// <param name="Headers">Names and values in order; the files hold them as UTF-8.</param>
public sealed record StoryCase(int SeqNo, int? HeaderTableSize, byte[] Wire, IReadOnlyList<KeyValuePair<string, string>> Headers);

/// <summary>One file of hpack-test-case: blocks of one connection direction, in order.</summary>
/// <param name="Name">The file's name without its extension.</param>
/// <param name="Description">Who encoded it.</param>
/// <param name="Context"><c>request</c>, <c>response</c> or empty.</param>
/// <param name="Cases">The blocks.</param>
public sealed record Story(string Name, string Description, string Context, IReadOnlyList<StoryCase> Cases)
{
    /// <summary>Reads a story file.</summary>
    /// <param name="path">Absolute, or below <see cref="Vectors.Root"/>.</param>
    public static Story Read(string path)
    {
        var full = Path.IsPathRooted(path) ? path : Path.Combine(Vectors.Root ?? throw new DirectoryNotFoundException(Vectors.Absent), path);
        using var json = JsonDocument.Parse(File.ReadAllBytes(full));
        var root = json.RootElement;
        var cases = root.GetProperty("cases").EnumerateArray().Select(ReadCase).ToArray();
        return new Story(Path.GetFileNameWithoutExtension(full), Text(root, "description"), Text(root, "context"), cases);
    }

    /// <summary>All stories of a directory below <see cref="Vectors.Root"/>, by name.</summary>
    /// <param name="directory">Such as <c>hpack-test-case/raw-data</c>.</param>
    public static IEnumerable<Story> ReadAll(string directory) => Vectors.Files(directory, "story_*.json").Select(Read);

    private static StoryCase ReadCase(JsonElement element, int index) => new(
        element.TryGetProperty("seqno", out var seqno) ? seqno.GetInt32() : index,
        element.TryGetProperty("header_table_size", out var size) ? size.GetInt32() : null,
        Convert.FromHexString(Text(element, "wire")),
        [.. element.GetProperty("headers").EnumerateArray().SelectMany(field => field.EnumerateObject())
            .Select(field => KeyValuePair.Create(field.Name, field.Value.GetString()!))]);

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
