using Hpack.Pure;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>A case whose block was decoded.</summary>
/// <param name="Case">The case.</param>
/// <param name="Headers">What its block decoded to.</param>
internal sealed record InflatedCase(StoryCase Case, IReadOnlyList<HeaderField> Headers);

/// <summary>A story that is decoded from its first block to its last.</summary>
internal sealed class InflatedStory : ITracedStory
{
    private readonly StoryReader _reader;
    private readonly HdInflater _inflater;

    /// <summary>Decodes an opened story, and disposes of its reader at the end.</summary>
    /// <exception cref="StoryFaultException">The story is of a draft that cannot be decoded.</exception>
    public InflatedStory(StoryReader reader, HpackSettings settings)
    {
        _reader = reader;
        Dialect = settings.DialectOf(_reader.Head);
        _inflater = new HdInflater(Dialect);
        if (settings.TableSize != HdDefaults.DefaultHeaderTableSize)
            _inflater.ChangeTableSize(settings.TableSize);
    }

    /// <summary>What the story says of itself.</summary>
    public StoryHead Head => _reader.Head;

    /// <summary>The dialect its blocks are in.</summary>
    public HpackDialect Dialect { get; }

    /// <summary>The table after the last block that was decoded.</summary>
    public HdTable Table => _inflater.GetHdTable();

    /// <summary>Decodes the cases, one by one.</summary>
    /// <exception cref="StoryFaultException">A case is bad; thrown when it is reached.</exception>
    public IEnumerable<InflatedCase> ReadCases()
    {
        foreach (var item in _reader.ReadCases())
        {
            if (item.HeaderTableSize is { } size)
                _inflater.ChangeTableSize(size);
            yield return new InflatedCase(item, Inflate(item));
        }
    }

    IEnumerable<TracedCase> ITracedStory.Trace() =>
        ReadCases().Select(item => new TracedCase(item.Case.SeqNo, item.Headers, item.Case.Wire!.Value.Length));

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private IReadOnlyList<HeaderField> Inflate(StoryCase item)
    {
        if (item.Wire is not { } wire)
            throw new StoryFaultException(item.SeqNo, null, "no 'wire' to inflate");
        try
        {
            return _inflater.Inflate(wire.Span);
        }
        catch (HdException error)
        {
            throw new StoryFaultException(item.SeqNo, error.Error.Offset, $"{error.Error.Message} ({error.Error.Rule})");
        }
    }
}
