using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Runs a piece of work on the thread that calls, such that the watchdog sees how long it takes, and such that nothing that it throws ends the
/// thread. Thread-safe.
/// </summary>
/// <param name="waker">Has the watchdog look at the thread.</param>
/// <param name="onFault">Told of what the work throws; must not throw.</param>
[SupportedOSPlatform("linux")]
internal sealed class WorkRunner(WatchdogWaker waker, Action<Exception> onFault)
{
    /// <summary>Runs a piece that lay in a queue.</summary>
    internal void Run(LoopWorker worker, IThreadPoolWorkItem work)
    {
        Begin(worker);
        try
        {
            work.Execute();
        }
        catch (Exception failure)
        {
            onFault(failure);
        }
        worker.EndWork();
    }

    /// <summary>Tells a source of its report, which may be long work.</summary>
    /// <returns>What the watchdog saw of it.</returns>
    internal WorkWeight Tell(LoopWorker worker, IReadiness source, uint events)
    {
        Begin(worker);
        worker.Source = source;
        try
        {
            source.OnReady(events);
        }
        catch (Exception failure)
        {
            onFault(failure);
        }
        worker.Source = null;
        worker.EndWork();
        return worker.Seen;
    }

    private void Begin(LoopWorker worker)
    {
        if (worker.Seen != WorkWeight.Light)
            worker.Seen = WorkWeight.Light;
        worker.BeginWork();
        waker.Wake();
    }
}
