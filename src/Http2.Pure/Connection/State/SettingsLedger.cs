namespace Http2.Pure;

/// <summary>A SETTINGS frame of this end that the peer has not acknowledged. Immutable.</summary>
/// <param name="Settings">Its entries, in order.</param>
/// <param name="SentAt">When it was sent, in milliseconds of the clock that is passed in.</param>
internal sealed record SettingsInFlight(Sequence<Setting> Settings, long SentAt);

/// <summary>
/// The settings of this end: those that the peer acknowledged, and a queue of the frames in flight, because acknowledgements come in order,
/// one for each frame (RFC 9113 §6.5.3). The peer is held to the most generous value that it may have applied. Immutable, equal by content.
/// </summary>
internal sealed record SettingsLedger
{
    private SettingsLedger(SettingsInForce acknowledged, Sequence<SettingsInFlight> inFlight)
    {
        (Acknowledged, InFlight) = (acknowledged, inFlight);
        var latest = acknowledged;
        (ReceiveWindow, MaxFrameSize) = (acknowledged.InitialWindow, acknowledged.MaxFrameSize);
        foreach (var frame in inFlight.Items)
        {
            foreach (var setting in frame.Settings.Items)
            {
                latest = latest.With(setting);
                ReceiveWindow = Math.Max(ReceiveWindow, latest.InitialWindow);
                MaxFrameSize = Math.Max(MaxFrameSize, latest.MaxFrameSize);
            }
        }
        Latest = latest;
    }

    /// <summary>The ledger before anything was sent.</summary>
    public static SettingsLedger Initial { get; } = new(SettingsInForce.Initial, Sequence<SettingsInFlight>.Empty);

    /// <summary>The settings that the peer acknowledged.</summary>
    public SettingsInForce Acknowledged { get; }

    /// <summary>The frames in flight, the oldest first.</summary>
    public Sequence<SettingsInFlight> InFlight { get; }

    /// <summary>The settings that will be in force when everything in flight is acknowledged.</summary>
    public SettingsInForce Latest { get; }

    /// <summary>The initial window that the peer may count on, in octets.</summary>
    public uint ReceiveWindow { get; }

    /// <summary>The frame size that the peer may count on, in octets.</summary>
    public int MaxFrameSize { get; }

    /// <summary>The ledger after a SETTINGS frame was sent.</summary>
    public SettingsLedger Send(Sequence<Setting> settings, long now) => new(Acknowledged, InFlight.Add(new(settings, now)));

    /// <summary>The ledger after an acknowledgement; only when something is in flight.</summary>
    public SettingsLedger Acknowledge() => new(Acknowledged.With(InFlight.Items[0].Settings.Items.AsSpan()), InFlight.Tail());
}
