using Hpack.Pure;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>A case that was decoded or encoded.</summary>
/// <param name="SeqNo">Its number.</param>
/// <param name="Headers">Its header list.</param>
/// <param name="WireLength">The octets of its block.</param>
internal sealed record TracedCase(int SeqNo, IReadOnlyList<HeaderField> Headers, int WireLength);

/// <summary>A story that goes through a codec: its blocks are decoded when it has blocks, and otherwise its header lists are encoded.</summary>
internal interface ITracedStory : IDisposable
{
    /// <summary>The dialect of its blocks.</summary>
    HpackDialect Dialect { get; }

    /// <summary>The table after the last case.</summary>
    HdTable Table { get; }

    /// <summary>The cases, one by one.</summary>
    /// <exception cref="StoryFaultException">A case is bad; thrown when it is reached.</exception>
    IEnumerable<TracedCase> Trace();

    /// <summary>Opens a story.</summary>
    static ITracedStory Open(Stream stream, HpackSettings settings)
    {
        var reader = StoryReader.Open(stream);
        return reader.IsEncoded ? new InflatedStory(reader, settings) : new DeflatedStory(reader, settings);
    }
}
