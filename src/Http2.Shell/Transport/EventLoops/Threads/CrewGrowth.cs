using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>Makes the threads that a crew needs, as far as the system has threads to spare. Belongs to the watchdog's thread.</summary>
/// <param name="crew">The crew.</param>
/// <param name="supply">How many threads may be taken.</param>
[SupportedOSPlatform("linux")]
internal sealed class CrewGrowth(LoopCrew crew, ThreadSupply supply)
{
    /// <summary>Keeps threads back for the runtime, and sees when the system's limit changes. Cheap; to be called often.</summary>
    internal void LookAtSupply(long now) => supply.Look(now);

    /// <summary>Makes the threads that are needed now.</summary>
    internal void Grow(long now)
    {
        while (!crew.IsEnding && crew.NeedsThread(now))
        {
            if (!TryMake(now))
                crew.BackOff(now, supply.Missing);
        }
    }

    /// <summary>Leaves what is kept back to others.</summary>
    internal void End() => supply.End();

    private bool TryMake(long now)
    {
        if (!supply.MayTake(now))
            return false;
        if (crew.TryMake())
            return true;
        supply.Refused();
        return false;
    }
}
