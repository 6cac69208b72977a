using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// The event loops: what other threads, timers, and connections that have run as long as they may leave behind is run by the threads that serve
/// sockets, so user code holds no thread of the pool, however it is woken.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopScheduler(EventLoops loops) : ConnectionScheduler
{
    public override void Schedule(IThreadPoolWorkItem connection) => loops.Schedule(connection);

    public override void KeepWatched() => loops.KeepWatched();

    public override void ScheduleLong(IThreadPoolWorkItem connection, bool computes) =>
        loops.ScheduleLong(connection, computes ? WorkWeight.Computes : WorkWeight.Waits);

    public override void ScheduleRest(IThreadPoolWorkItem connection) => loops.ScheduleRest(connection);
}
