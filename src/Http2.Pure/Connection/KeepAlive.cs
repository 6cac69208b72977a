namespace Http2.Pure;

/// <summary>The latest question whether the peer is still there. Immutable.</summary>
/// <param name="At">When it was asked, or when it was answered.</param>
/// <param name="IsOpen">Whether the answer is still to come.</param>
internal sealed record KeepAlive(long At, bool IsOpen);

/// <content>A silent peer is asked with PING whether it is still there (RFC 9113 §6.7).</content>
public static partial class Connection
{
    // "alive?" in ASCII
    private const ulong KeepAlivePing = 0x616c6976653f;

    private static long KeepAliveDeadline(in Core core)
    {
        if (core.Options.KeepAliveInterval == 0 || core.Phase != Phase.Running || core.Closing.IsLocal || core.Closing.InputEnded)
            return long.MaxValue;
        return IsAwaited(core)
            ? core.KeepAlive!.At + core.Options.KeepAliveTimeout
            : Math.Max(core.HeardAt, core.KeepAlive?.At ?? core.HeardAt) + core.Options.KeepAliveInterval;
    }

    // whatever came since is as good an answer
    private static bool IsAwaited(in Core core) => core.KeepAlive is { IsOpen: true } asked && core.HeardAt < asked.At;

    private static void JudgeKeepAlive(ref Core core, long now, EffectBuffer effects)
    {
        if (IsAwaited(core))
        {
            Settle(ref core, new Fault.OfConnection(ErrorCode.InternalError, Rules.KeepAlive), now, effects);
            return;
        }
        core.KeepAlive = new(now, IsOpen: true);
        PingFrame.Write(effects.Output, KeepAlivePing);
    }

    private static bool IsKeepAliveAnswer(in Core core, ulong opaque) => opaque == KeepAlivePing && core.KeepAlive is { IsOpen: true };
}
