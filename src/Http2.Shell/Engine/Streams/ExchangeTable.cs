using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The exchanges whose streams are open. Most end before the next begins, so the youngest has a place of its own and never enters the
/// dictionary. Belongs to the connection's owner.
/// </summary>
/// <param name="memory">What the others are counted in.</param>
internal sealed class ExchangeTable(ConnectionMemory memory)
{
    private readonly Dictionary<uint, Http2Exchange> _older = [];
    private Http2Exchange? _youngest;

    /// <summary>How many there are; from another thread a value of a moment ago.</summary>
    public int Count => _older.Count + (_youngest is null ? 0 : 1);

    /// <summary>How many of them wait for the rest of a body.</summary>
    public int Incoming { get; private set; }

    /// <summary>Any of them, or null.</summary>
    public Http2Exchange? Any => _youngest ?? _older.Values.FirstOrDefault();

    /// <summary>An exchange begins.</summary>
    public void Add(Http2Exchange exchange)
    {
        if (_youngest is { } before)
        {
            _older.Add(before.StreamId.Value, before);
            memory.Hold(before.Weight);
        }
        _youngest = exchange;
    }

    public Http2Exchange? Find(StreamId id) =>
        _youngest?.StreamId == id ? _youngest : _older.GetValueOrDefault(id.Value);

    /// <summary>An exchange ends.</summary>
    /// <returns>The exchange; null when there is none.</returns>
    public Http2Exchange? Remove(StreamId id)
    {
        if (_youngest?.StreamId == id)
        {
            var youngest = _youngest;
            _youngest = null;
            return youngest;
        }
        if (!_older.Remove(id.Value, out var exchange))
            return null;
        memory.Release(exchange.Weight);
        return exchange;
    }

    /// <summary>A body begins to come.</summary>
    public void BodyBegins() => Incoming++;

    /// <summary>A body has come, or will not come any more.</summary>
    public void BodyEnded() => Incoming--;
}
