using Hpack.Pure;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>A case whose header list was encoded.</summary>
/// <param name="SeqNo">Its number.</param>
/// <param name="Headers">Its header list.</param>
/// <param name="Wire">Its block.</param>
/// <param name="TableSize">The table size set before it, when one was.</param>
internal sealed record DeflatedCase(int SeqNo, IReadOnlyList<HeaderField> Headers, Octets Wire, int? TableSize);

/// <summary>A story whose header lists are encoded from the first to the last.</summary>
internal sealed class DeflatedStory : ITracedStory
{
    private readonly HpackSettings _settings;
    private readonly StoryReader? _reader;
    private readonly IEnumerable<StoryCase> _cases;
    private readonly int _count;
    private readonly HdDeflater _deflater;

    /// <summary>Encodes an opened story, and disposes of its reader at the end.</summary>
    public DeflatedStory(StoryReader reader, HpackSettings settings)
        : this(settings, reader.ReadCases(), reader.Count) => _reader = reader;

    /// <summary>Starts a story of cases that were read already.</summary>
    public DeflatedStory(IReadOnlyList<StoryCase> cases, HpackSettings settings)
        : this(settings, cases, cases.Count)
    {
    }

    private DeflatedStory(HpackSettings settings, IEnumerable<StoryCase> cases, int count)
    {
        (_settings, _cases, _count) = (settings, cases, count);
        _deflater = new HdDeflater(settings.DeflateTableSize, Dialect);
        _deflater.SetNoRefset(settings.NoReferenceSet);
    }

    /// <summary>The dialect of the encoded blocks: the one that was asked for, whatever the dialect of the file.</summary>
    public HpackDialect Dialect => _settings.Draft08 ? HpackDialect.Draft08 : HpackDialect.Rfc7541;

    /// <summary>What the encoded story says of itself.</summary>
    public StoryHead Head => new(_reader?.Head.Context, Description, _settings.Draft08 ? 8 : null);

    /// <summary>The table after the last list that was encoded.</summary>
    public HdTable Table => _deflater.GetHdTable();

    private string Description =>
        $"Encoded by http2 hpack deflate, with a table of {Math.Min(_settings.TableSize, _settings.DeflateTableSize)} octets"
        + $"{(_settings.Draft08 && _settings.NoReferenceSet ? " and no reference set" : "")}.";

    /// <summary>Encodes the cases, one by one.</summary>
    /// <exception cref="StoryFaultException">A case is bad; thrown when it is reached.</exception>
    public IEnumerable<DeflatedCase> ReadCases()
    {
        var index = 0;
        foreach (var item in _cases)
        {
            if (item.Headers is not { } headers)
                throw new StoryFaultException(item.SeqNo, null, "no 'headers' to deflate");
            var size = TableSizeBefore(index++);
            if (size is { } changed)
                _deflater.ChangeTableSize(changed);
            yield return new DeflatedCase(item.SeqNo, headers, new Octets(_deflater.Deflate(headers)), size);
        }
    }

    IEnumerable<TracedCase> ITracedStory.Trace() =>
        ReadCases().Select(item => new TracedCase(item.SeqNo, item.Headers, item.Wire.Length));

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    // The published stories with changing sizes go to one third of the size after a third of the cases, and to two thirds after two.
    private int? TableSizeBefore(int index)
    {
        if (_settings.ChangeTableSize && index == 2 * _count / 3)
            return (int)(2L * _settings.TableSize / 3);
        if (_settings.ChangeTableSize && index == _count / 3)
            return _settings.TableSize / 3;
        return index == 0 && _settings.TableSize != HdDefaults.DefaultHeaderTableSize ? _settings.TableSize : null;
    }
}
