using System.Runtime.InteropServices;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Requests whose handlers are still being made, because a constructor did not come back in time. What happens on their streams meanwhile
/// waits here as events, and is delivered once the handler is there. Belongs to the connection's owner.
/// </summary>
internal sealed class PendingHandlers
{
    private readonly Dictionary<uint, List<ConnectionEvent>> _waiting = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>A constructor was left behind.</summary>
    public void Begin(ConnectionEvent.RequestReceived request) => _waiting.Add(request.Id.Value, [request]);

    /// <summary>Keeps an event of a stream whose handler is not there yet.</summary>
    /// <returns>False when it is not an event of such a stream.</returns>
    public bool TryKeep(ConnectionEvent happened)
    {
        var id = happened switch
        {
            ConnectionEvent.DataReceived data => data.Id,
            ConnectionEvent.TrailersReceived trailers => trailers.Id,
            ConnectionEvent.StreamClosed closed => closed.Id,
            _ => default,
        };
        ref var waiting = ref CollectionsMarshal.GetValueRefOrNullRef(_waiting, id.Value);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref waiting))
            return false;
        waiting.Add(Kept(happened));
        return true;
    }

    /// <summary>An event that outlives the moment: the octets of DATA lie in the connection's buffer and are copied.</summary>
    internal static ConnectionEvent Kept(ConnectionEvent happened) =>
        happened is ConnectionEvent.DataReceived data ? data with { Data = data.Data.ToArray() } : happened;

    /// <summary>The constructor has returned: the request and what happened since, in order.</summary>
    public List<ConnectionEvent> End(StreamId id) => _waiting.Remove(id.Value, out var waiting) ? waiting : [];
}
