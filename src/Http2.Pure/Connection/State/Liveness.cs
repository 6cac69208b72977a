namespace Http2.Pure;

/// <summary>
/// When a connection was opened and last heard of, and the PINGs that ask the peer. A struct that is changed in place, because it is a part of
/// the state that a transition copies once at its start. Times are in milliseconds of the clock that is passed in.
/// </summary>
internal record struct Liveness
{
    /// <summary>When the connection was opened.</summary>
    public long OpenedAt { get; private init; }

    /// <summary>When the last complete frame came, or idleness was last judged again.</summary>
    public long HeardAt { get; private set; }

    /// <summary>
    /// Whether a command of the application came since the last frame: the connection is not idle then. A command that opens a stream says so
    /// by the stream.
    /// </summary>
    public bool CommandSinceLastFrame { get; private set; }

    /// <summary>The latest question whether the peer is still there, or null when it was never asked.</summary>
    public KeepAlive? KeepAlive { get; private set; }

    /// <summary>The PINGs of the application that are not answered.</summary>
    public Sequence<ulong> Pings { get; private set; }

    /// <summary>Whether the peer was asked and has not sent anything since; whatever came since is as good an answer.</summary>
    public readonly bool IsAnswerAwaited => KeepAlive is { IsOpen: true } asked && HeardAt < asked.At;

    /// <summary>When the peer was last heard of or asked.</summary>
    public readonly long LastSignAt => Math.Max(HeardAt, KeepAlive?.At ?? HeardAt);

    /// <summary>A connection that is opened.</summary>
    public static Liveness Begin(long now) => new() { OpenedAt = now, HeardAt = now, Pings = Sequence<ulong>.Empty };

    /// <summary>A frame came, or the time in which a connection counts as idle begins anew.</summary>
    public void Hear(long now) => (HeardAt, CommandSinceLastFrame) = (now, false);

    /// <summary>The application gave a command.</summary>
    public void NoteCommand() => CommandSinceLastFrame = true;

    /// <summary>The peer is asked whether it is still there.</summary>
    public void Ask(long now) => KeepAlive = new(now, IsOpen: true);

    /// <summary>The PING with that question was answered.</summary>
    /// <returns>Whether the question was open.</returns>
    public bool TryAnswer(ulong opaque, long now)
    {
        if (opaque != KeepAlive.Ping || KeepAlive is not { IsOpen: true })
            return false;
        KeepAlive = new(now, IsOpen: false);
        return true;
    }

    /// <summary>The application sends a PING.</summary>
    public void AddPing(ulong opaque) => Pings = Pings.Add(opaque);

    /// <summary>A PING of the application was answered.</summary>
    /// <returns>Whether there was one with these octets.</returns>
    public bool TryTakePing(ulong opaque)
    {
        var at = Pings.Items.IndexOf(opaque);
        if (at < 0)
            return false;
        Pings = new(Pings.Items.RemoveAt(at));
        return true;
    }
}

/// <summary>The latest question whether the peer is still there (RFC 9113 §6.7). Immutable.</summary>
/// <param name="At">When it was asked, or when it was answered.</param>
/// <param name="IsOpen">Whether the answer is still to come.</param>
internal sealed record KeepAlive(long At, bool IsOpen)
{
    /// <summary>The octets of the PING that asks: "alive?" in ASCII.</summary>
    public const ulong Ping = 0x616c6976653f;
}
