using System.Text;
using Hpack.Pure;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>
/// Reads header lists written as HTTP/1 does: a line <c>name: value</c> for each field, an empty line after each list, as nghttp2's
/// <c>deflatehd --http1text</c> takes them. Pseudo-header fields keep their leading colon.
/// </summary>
internal static class Http1TextReader
{
    /// <summary>Reads the lists as cases without blocks.</summary>
    /// <exception cref="StoryFaultException">A line has no colon behind its name.</exception>
    public static IReadOnlyList<StoryCase> Read(Stream stream)
    {
        // Latin-1 gives one character for each octet, so no octet is lost; only colons and line ends are looked at.
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var cases = new List<StoryCase>();
        var fields = new List<HeaderField>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                fields.Add(ReadField(line, cases.Count));
            else
                End(cases, ref fields);
        }
        // The last list may do without its empty line.
        if (fields.Count > 0)
            End(cases, ref fields);
        return cases;
    }

    private static void End(List<StoryCase> cases, ref List<HeaderField> fields)
    {
        cases.Add(new StoryCase(cases.Count, null, null, fields));
        fields = [];
    }

    private static HeaderField ReadField(string line, int seqNo)
    {
        var colon = line.IndexOf(':', 1);
        if (colon < 0)
            throw new StoryFaultException(seqNo, null, $"'{OctetText.Show(Octets(line))}' is not 'name: value'");
        return new HeaderField(Octets(line[..colon]), Octets(line[(colon + 1)..].Trim(' ', '\t')));
    }

    private static Octets Octets(string text) => new(Encoding.Latin1.GetBytes(text));
}
