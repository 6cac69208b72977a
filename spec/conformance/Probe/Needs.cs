namespace Http2.Conformance;

/// <summary>What a case needs of the server; the case is skipped where the server does not have it.</summary>
internal static class Needs
{
    /// <summary>The body at the target's path must have at least so many octets.</summary>
    public static async Task NeedBody(this Probe p, int needed = 1)
    {
        var length = await p.Context.BodyLengthAsync(p.Target.Path, p.Cancellation).ConfigureAwait(false);
        if (length < 0)
            throw Probe.Fail("a complete response to a GET request", "no complete response");
        if (length < needed)
            throw Probe.Skip($"the body at {p.Target.Path} has {length} octets, the case needs {needed}");
    }

    /// <summary>The body at the target's path must leave some of an initial window unused.</summary>
    public static async Task NeedShortBody(this Probe p)
    {
        if (await p.Context.BodyLengthAsync(p.Target.Path, p.Cancellation).ConfigureAwait(false) is >= PeerWindows.Initial and var length)
            throw Probe.Skip($"the body at {p.Target.Path} has {length} octets, the case needs fewer than {PeerWindows.Initial}");
    }

    /// <summary>A server of the case's own, which it may stop.</summary>
    public static Task<ITargetInstance> Spawn(this Probe p) => p.Target.Spawn is { } spawn
        ? spawn(p.Cancellation)
        : throw Probe.Skip("the case stops its server and needs one of its own: use --exec with {port} in the command");
}
