namespace Http2.Pure;

/// <summary>
/// The flow-control windows of a connection, and how much of what came is not read yet (RFC 9113 §5.2, §6.9). Each method is a transition. A
/// struct that is changed in place, because it is a part of the state that a transition copies once at its start.
/// </summary>
internal record struct Flow
{
    // The receive window when nothing of it is spent, in octets.
    private long _whole;

    /// <summary>The send window of this end.</summary>
    public Window Send { get; private set; }

    /// <summary>The send window of the peer.</summary>
    public Window Receive { get; private set; }

    /// <summary>Octets of data that were delivered on streams that live, and that the application has not consumed yet.</summary>
    public long Unread { get; private set; }

    /// <summary>
    /// How many octets may be unread or on their way before the window of the connection is held back; 0 for no bound but the windows of the
    /// streams.
    /// </summary>
    public long UnreadBound { get; private set; }

    /// <summary>
    /// What the receive window is short of while the application has much unread: what is unread and what may still come are within the bound
    /// together, as long as that leaves a window at all. 0 when nothing is held back.
    /// </summary>
    public readonly long HeldBack => UnreadBound == 0 ? 0 : Math.Clamp(Unread - Math.Max(UnreadBound - _whole, 0), 0, _whole);

    /// <summary>The windows of a new connection.</summary>
    /// <param name="options">
    /// The receive window, and the bound on what is unread. Content that came before the connection has room of its own, which is not announced.
    /// </param>
    public static Flow Of(ConnectionOptions options)
    {
        var whole = Math.Max(options.InitialConnectionWindow, WireConstants.InitialWindow);
        return new()
        {
            _whole = whole, Send = new(WireConstants.InitialWindow), Receive = new Window(whole).Grow(options.UpgradedContent), UnreadBound = options.MaxUnreadPerConnection,
        };
    }

    /// <summary>The peer gives credit.</summary>
    /// <returns>Whether the window stays within 2^31-1 (RFC 9113 §6.9.1).</returns>
    public bool TryGrowSend(uint increment)
    {
        Send = Send.Grow(increment);
        return !Send.Overflows;
    }

    /// <summary>DATA is sent.</summary>
    public void SpendSend(int octets) => Send = Send.Spend(octets);

    /// <summary>DATA came.</summary>
    /// <param name="octets">How long its payload is, padding and its length included.</param>
    /// <returns>Whether the window had room for it.</returns>
    public bool TrySpendReceive(int octets)
    {
        Receive = Receive.Spend(octets);
        return Receive.Octets >= 0;
    }

    /// <summary>Data was delivered to the application.</summary>
    public void Deliver(int octets) => Unread += octets;

    /// <summary>The application consumed data, or never will.</summary>
    public void Consume(long octets) => Unread -= octets;

    /// <summary>The application bounds what may be unread.</summary>
    public void BoundUnread(long octets) => UnreadBound = Math.Max(octets, 0);

    /// <summary>All streams are closed: nothing can be read any more.</summary>
    public void Clear() => Unread = 0;

    /// <summary>
    /// Fills the receive window up again. What streams have received and the application has not read counts as free: the window of each
    /// stream bounds that, and a body that nobody reads must not keep others from coming (RFC 9113 §5.2.2). Only a bound on what is unread
    /// holds credit back.
    /// </summary>
    /// <returns>The credit to announce now, in octets; 0 when what could be given is not worth a frame.</returns>
    public uint Refill()
    {
        var owed = _whole - HeldBack - Receive.Octets;
        if (!Receive.IsWorthAFrame(owed, _whole))
            return 0;
        Receive = Receive.Grow(owed);
        return (uint)owed;
    }
}
