using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The exchanges whose streams are open. Most end before the next begins, so the youngest has a place of its own and never enters the
/// dictionary. Belongs to the connection's owner.
/// </summary>
/// <param name="memory">What the others are counted in.</param>
internal sealed class ExchangeTable(ConnectionMemory memory)
{
    // Made when a second stream is open beside the first.
    private Dictionary<uint, Http2Stream>? _older;
    private Http2Stream? _youngest;

    /// <summary>How many there are; from another thread a value of a moment ago.</summary>
    public int Count => (_older?.Count ?? 0) + (_youngest is null ? 0 : 1);

    /// <summary>How many of them wait for the rest of a body.</summary>
    public int Incoming { get; private set; }

    /// <summary>For how many streams that closed early somebody still works.</summary>
    public int Outliving { get; private set; }

    /// <summary>Any of them, or null.</summary>
    public Http2Stream? Any => _youngest ?? _older?.Values.FirstOrDefault();

    /// <summary>All of them, in no order; none may be added or removed meanwhile.</summary>
    public IEnumerable<Http2Stream> All => [.. _older?.Values.AsEnumerable() ?? [], .. _youngest is null ? Array.Empty<Http2Stream>() : [_youngest]];

    /// <summary>An exchange begins.</summary>
    public void Add(Http2Stream stream)
    {
        if (_youngest is { } before)
        {
            (_older ??= []).Add(before.StreamId.Value, before);
            memory.Hold(before.Weight);
        }
        _youngest = stream;
    }

    public Http2Stream? Find(StreamId id) =>
        _youngest?.StreamId == id ? _youngest : _older?.GetValueOrDefault(id.Value);

    /// <summary>An exchange ends.</summary>
    /// <returns>The exchange; null when there is none.</returns>
    public Http2Stream? Remove(StreamId id)
    {
        if (_youngest?.StreamId == id)
        {
            var youngest = _youngest;
            _youngest = null;
            return youngest;
        }
        if (_older is null || !_older.Remove(id.Value, out var stream))
            return null;
        memory.Release(stream.Weight);
        return stream;
    }

    /// <summary>A body begins to come.</summary>
    public void BodyBegins() => Incoming++;

    /// <summary>A body has come, or will not come any more.</summary>
    public void BodyEnded() => Incoming--;

    /// <summary>A stream closes early: whoever works for it counts as work in flight until <see cref="TryRetire"/>.</summary>
    public void Outlive(Http2Stream stream)
    {
        if (stream.MustRetire)
            return;
        stream.MustRetire = true;
        Outliving++;
    }

    /// <summary>Whether a stream closed early and nobody works for it any more; answers true once.</summary>
    public bool TryRetire(Http2Stream stream)
    {
        if (!stream.MustRetire || stream.WorkInProgress != 0)
            return false;
        stream.MustRetire = false;
        Outliving--;
        return true;
    }
}
