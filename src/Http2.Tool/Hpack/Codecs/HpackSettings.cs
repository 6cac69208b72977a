using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>What the commands under <c>http2 hpack</c> were asked to do.</summary>
internal sealed record HpackSettings
{
    /// <summary>Files and folders; empty or <c>-</c> is standard input.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The SETTINGS_HEADER_TABLE_SIZE at the start, in octets.</summary>
    public int TableSize { get; init; } = HdDefaults.DefaultHeaderTableSize;

    /// <summary>How many octets of the dynamic table the encoder uses at most.</summary>
    public int DeflateTableSize { get; init; } = HdDefaults.DeflateMaxHeaderTableSize;

    /// <summary>Whether the size of the encoder's table is changed within a story.</summary>
    public bool ChangeTableSize { get; init; }

    /// <summary>Whether the table is written after each block.</summary>
    public bool DumpTable { get; init; }

    /// <summary>Whether blocks are of draft 08 even when the file does not say so.</summary>
    public bool Draft08 { get; init; }

    /// <summary>Whether the draft-08 encoder does without the reference set.</summary>
    public bool NoReferenceSet { get; init; }

    /// <summary>Whether the decoded lists are compared with the files' instead of written.</summary>
    public bool Check { get; init; }

    /// <summary>Whether the input is HTTP/1-style header text instead of JSON.</summary>
    public bool Http1Text { get; init; }

    /// <summary>The folder that gets a file for each story, or null for standard output.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>The dialect of a story's blocks.</summary>
    /// <exception cref="StoryFaultException">The story was encoded by a draft that neither dialect decodes.</exception>
    public HpackDialect DialectOf(StoryHead head)
    {
        if (Draft08)
            return HpackDialect.Draft08;
        return head.Draft switch
        {
            // Draft 9 dropped the reference set and put the static table first; its format is RFC 7541's.
            null or >= 9 => HpackDialect.Rfc7541,
            8 => HpackDialect.Draft08,
            { } draft => throw new StoryFaultException(
                null, null, $"encoded by HPACK draft {draft}; RFC 7541 (drafts 9 and later) and draft 8 can be read"),
        };
    }
}
