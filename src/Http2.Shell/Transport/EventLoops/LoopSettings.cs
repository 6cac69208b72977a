using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>What the system may refuse to give.</summary>
internal enum Scarce
{
    Thread,

    /// <summary>A descriptor that is not a file: a connection, an event.</summary>
    Descriptor,

    File,
}

/// <summary>How many threads event loops have, and where they get them from. Immutable.</summary>
/// <param name="Threads">How many serve at a time, 1 or more.</param>
[SupportedOSPlatform("linux")]
internal sealed record LoopSettings(int Threads)
{
    /// <summary>How many threads there may be unless the machine allows for fewer.</summary>
    internal const int MostThreads = Http2ProcessLimits.MostLoopThreads;

    /// <summary>The most threads there may be, those included that handlers hold; past it, handlers that block do delay others.</summary>
    internal int Limit { get; init; } = Math.Clamp(Http2ProcessLimits.Current.LoopThreads, Threads + 1, MostThreads);

    /// <summary>How many threads beyond those that serve exist from the start and stay.</summary>
    internal int Spare { get; init; } = 4;

    /// <summary>How many threads more the system would give; null when that cannot be found out.</summary>
    internal Func<long?> ThreadsLeft { get; init; } = ThreadRoom.Left;

    /// <summary>Where threads and the time come from.</summary>
    internal LoopSystem System { get; init; } = LoopSystem.Real;

    /// <summary>For tests: whether the system is to refuse what is asked for now. Null never does.</summary>
    internal Func<Scarce, bool>? Refuse { get; init; }

    /// <summary>Told of what no handler or connection has caught; must not throw.</summary>
    internal Action<Exception> OnFault { get; init; } = static _ => { };

    /// <summary>Told when a thread has ended; must be cheap, and must not throw.</summary>
    internal Action OnThreadEnded { get; init; } = static () => { };

    internal bool Refuses(Scarce what) => Refuse is { } refuse && refuse(what);

    /// <summary>Starts a thread that does not keep the process alive.</summary>
    /// <returns>False when the system gives none.</returns>
    internal bool TryStart(Action work, string name) => !Refuses(Scarce.Thread) && System.TryStart(work, name);
}
