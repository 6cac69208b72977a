using Http2.Pure;

namespace Http2.Shell;

/// <content>What the bodies of requests hold: octets that nobody has read, and octets that readers keep while they wait for more.</content>
internal sealed partial class Http2Connection
{
    private LookAhead? _lookAhead;
    private long _unreadOctets;

    /// <summary>What the readers of this connection's bodies have looked at without taking it. Any thread.</summary>
    internal LookAhead LookAhead
    {
        get
        {
            if (Volatile.Read(ref _lookAhead) is { } there)
                return there;
            var fresh = new LookAhead(_host.Options);
            return Interlocked.CompareExchange(ref _lookAhead, fresh, null) ?? fresh;
        }
    }

    /// <summary>
    /// Octets of request bodies that came and that their handlers have not taken: what this connection holds in memory for them. Any thread;
    /// while the connection runs, the value of a moment ago.
    /// </summary>
    internal long UnreadOctets => Volatile.Read(ref _unreadOctets) + (Volatile.Read(ref _lookAhead)?.Octets ?? 0);

    /// <summary>Holds the connection's window back while more than so many octets are unread; 0 for no bound. Any thread.</summary>
    internal void BoundUnread(long octets) => Post(new BoundUnreadMail(octets));

    private sealed class BoundUnreadMail(long octets) : Mail
    {
        public override void Run(Http2Connection connection)
        {
            if (connection._phase != Phase.Open)
                return;
            if (connection.IsRecorded)
                connection.Record(new Input.BoundUnread(octets));
            connection._state = Connection.BoundUnread(in connection._state, octets, connection.Effects);
        }
    }
}
