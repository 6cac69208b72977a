using Hpack.Pure;

namespace Http2.Tool;

/// <summary>What a story says of itself before its cases.</summary>
/// <param name="Context"><c>request</c>, <c>response</c>, or null when it does not say.</param>
/// <param name="Description">Who encoded it and how, or null.</param>
/// <param name="Draft">The HPACK draft of its blocks, or null for RFC 7541.</param>
internal sealed record StoryHead(string? Context, string? Description, int? Draft);

/// <summary>One case of a story: a block, its header list, or both.</summary>
/// <param name="SeqNo">Its number, from 0.</param>
/// <param name="HeaderTableSize">The SETTINGS_HEADER_TABLE_SIZE that comes into force before it, in octets; null leaves it.</param>
/// <param name="Wire">The encoded block, or null in raw stories.</param>
/// <param name="Headers">The header list in order, or null when the file leaves it out.</param>
internal sealed record StoryCase(int SeqNo, int? HeaderTableSize, Octets? Wire, IReadOnlyList<HeaderField>? Headers)
{
    /// <summary>How many octets all names and values have; published compression ratios are relative to that.</summary>
    public static long RawLength(IReadOnlyList<HeaderField> headers)
    {
        var sum = 0L;
        foreach (var field in headers)
            sum += field.Name.Length + field.Value.Length;
        return sum;
    }
}

/// <summary>A fault in a story. The rest of the file cannot be used; other files can.</summary>
internal sealed class StoryFaultException : Exception
{
    /// <summary>Says what is wrong, and where.</summary>
    /// <param name="seqNo">The case, or null when it is the whole file.</param>
    /// <param name="offset">The octet of the case's block, or null when it is not the block.</param>
    /// <param name="message">What is wrong.</param>
    public StoryFaultException(int? seqNo, int? offset, string message)
        : base(Place(seqNo, offset) + message)
    {
    }

    private static string Place(int? seqNo, int? offset) => (seqNo, offset) switch
    {
        (null, _) => "",
        ({ } seq, null) => $"case {seq}: ",
        ({ } seq, { } octet) => $"case {seq}, octet {octet}: ",
    };
}
