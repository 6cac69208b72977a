namespace Http2.Pure;

/// <summary>
/// A flow-control window in octets: the number is signed, because a smaller SETTINGS_INITIAL_WINDOW_SIZE may take back what was spent (RFC 9113 §6.9.2).
/// </summary>
/// <param name="Octets">What may be sent; negative when more was sent than the window now allows.</param>
public readonly record struct Window(long Octets) : IComparable<Window>
{
    /// <summary>Whether the window is larger than any may be: 2^31-1 octets.</summary>
    public bool Overflows => Octets > WireConstants.MaxWindow;

    /// <summary>How much may be sent now: never negative.</summary>
    public long Room => Math.Max(Octets, 0);

    /// <summary>The window with <paramref name="octets"/> more; whether that is too many <see cref="Overflows"/> says.</summary>
    public Window Grow(long octets) => new(Octets + octets);

    /// <summary>The window after <paramref name="octets"/> were sent.</summary>
    public Window Spend(long octets) => new(Octets - octets);

    /// <summary>
    /// Whether credit is announced now to a peer that has this window left: half a window is worth a frame, and so is credit that is as much as
    /// the peer has left. The credit of the peer at least doubles with each such frame, so there are few of them, and the peer never runs out of
    /// credit while it is owed any.
    /// </summary>
    /// <param name="owed">How many octets the peer could be given.</param>
    /// <param name="whole">The window when nothing of it is spent.</param>
    internal bool IsWorthAFrame(long owed, long whole) => owed > 0 && (owed >= whole / 2 || owed >= Octets);

    /// <inheritdoc/>
    public int CompareTo(Window other) => Octets.CompareTo(other.Octets);
}
