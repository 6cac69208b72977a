namespace Http2.Pure;

/// <summary>
/// A flow-control window in octets: signed, because a smaller SETTINGS_INITIAL_WINDOW_SIZE may take back what was spent (RFC 9113 §6.9.2).
/// </summary>
/// <param name="Octets">What may be sent; negative when more was sent than the window now allows.</param>
public readonly record struct Window(long Octets) : IComparable<Window>
{
    /// <summary>Whether the window is larger than there may be.</summary>
    public bool Overflows => Octets > WireConstants.MaxWindow;

    /// <summary>How much may be sent now: never negative.</summary>
    public long Room => Math.Max(Octets, 0);

    /// <summary>The window with <paramref name="octets"/> more; ask <see cref="Overflows"/> afterwards.</summary>
    public Window Grow(long octets) => new(Octets + octets);

    /// <summary>The window after <paramref name="octets"/> were sent.</summary>
    public Window Spend(long octets) => new(Octets - octets);

    /// <inheritdoc/>
    public int CompareTo(Window other) => Octets.CompareTo(other.Octets);
}
