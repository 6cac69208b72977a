using System.Diagnostics.CodeAnalysis;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Bounds the work in flight for a connection. A stream that was reset frees its place (RFC 9113 §5.1.2) while its handler may not have ended
/// yet. Work may go on for twice as many streams as may be open; beyond that new requests wait here until some of it has ended, instead
/// of being refused. At most so many wait as streams may be open. Belongs to the connection's owner.
/// </summary>
/// <param name="streams">How many streams may be open at a time.</param>
internal sealed class WaitingRequests(int streams)
{
    private readonly long _most = 2L * streams;
    private readonly Dictionary<uint, Entry> _byStream = [];
    private readonly Queue<Entry> _inOrder = new();

    /// <summary>How many requests wait.</summary>
    public int Count => _byStream.Count;

    /// <summary>Whether a request that comes now must wait: for abandoned work, or behind others.</summary>
    /// <param name="begun">How many streams are open whose requests have begun.</param>
    /// <param name="abandoned">For how many closed streams handlers still work.</param>
    public bool MustWait(int begun, int abandoned) => abandoned > 0 && (abandoned + begun >= _most || Count > 0);

    /// <summary>A request begins to wait.</summary>
    public void Add(ConnectionEvent.RequestReceived request)
    {
        var entry = new Entry(request);
        _byStream.Add(request.Id.Value, entry);
        _inOrder.Enqueue(entry);
    }

    /// <summary>
    /// What comes for a stream whose request waits is kept for its handler; octets are copied, and give no credit before they are taken.
    /// </summary>
    /// <returns>Whether the request waits.</returns>
    public bool TryKeep(StreamId id, ConnectionEvent happened)
    {
        if (!_byStream.TryGetValue(id.Value, out var entry))
            return false;
        entry.Later.Add(PendingHandlers.Kept(happened));
        return true;
    }

    /// <summary>The stream was closed while its request waited: no handler will hear of it.</summary>
    public void Remove(StreamId id) => _byStream.Remove(id.Value);

    /// <summary>All streams are closed.</summary>
    public void Clear() => _byStream.Clear();

    /// <summary>The request that waits longest, once it need not wait any more.</summary>
    /// <param name="begun">How many streams are open whose requests have begun.</param>
    /// <param name="abandoned">For how many closed streams handlers still work.</param>
    /// <param name="entry">The request, and what came for it.</param>
    public bool TryTake(int begun, int abandoned, [NotNullWhen(true)] out Entry? entry)
    {
        entry = null;
        while ((abandoned == 0 || abandoned + begun < _most) && _inOrder.TryDequeue(out entry))
        {
            if (_byStream.Remove(entry.Request.Id.Value))
                return true;
        }
        return false;
    }

    /// <summary>A request, and what came for its stream since.</summary>
    internal sealed class Entry(ConnectionEvent.RequestReceived request)
    {
        public ConnectionEvent.RequestReceived Request { get; } = request;

        public List<ConnectionEvent> Later { get; } = [];
    }
}
