namespace Http2.Pure;

/// <summary>A SETTINGS frame of ours that the peer has not acknowledged, and when it was sent.</summary>
internal sealed record SettingsInFlight(Sequence<Setting> Settings, long SentAt);

/// <summary>
/// Our own settings: those the peer acknowledged, and a queue of frames in flight, because acknowledgements come in order, one a frame
/// (RFC 9113 §6.5.3). What the peer may do is bounded by the most generous value it may already have applied.
/// </summary>
internal sealed record SettingsLedger
{
    private SettingsLedger(EndSettings acknowledged, Sequence<SettingsInFlight> inFlight)
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

    public static SettingsLedger Initial { get; } = new(EndSettings.Initial, Sequence<SettingsInFlight>.Empty);

    public EndSettings Acknowledged { get; }

    public Sequence<SettingsInFlight> InFlight { get; }

    /// <summary>What will hold when everything in flight is acknowledged.</summary>
    public EndSettings Latest { get; }

    /// <summary>The initial window that the peer may count on.</summary>
    public uint ReceiveWindow { get; }

    /// <summary>The frame size that the peer may count on.</summary>
    public int MaxFrameSize { get; }

    public SettingsLedger Send(Sequence<Setting> settings, long now) => new(Acknowledged, InFlight.Add(new(settings, now)));

    /// <summary>The ledger after an acknowledgement; only when something is in flight.</summary>
    public SettingsLedger Acknowledge() => new(Acknowledged.With(InFlight.Items[0].Settings.Items.AsSpan()), InFlight.Tail());
}
