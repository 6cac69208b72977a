namespace Http2.Shell;

/// <content>
/// A run that only sends answers which are there in full. It calls nothing of the user's, so any thread may do it: the thread of the pool whose
/// handler has answered has the answer in its caches, and is not held up.
/// </content>
internal sealed partial class Http2Connection : IBriefWork
{
    bool IBriefWork.TryRunBriefly()
    {
        // A delegate's end is ours to run, a handler's callbacks are the user's; so are taps, and sources of bodies, which ask for more when
        // something has gone out. Frames that are left in the buffer would start handlers.
        if (_host.Handler is null || _host.Options.FrameTap is not null || _bodyBuffers > 0 || _start < _end || !_mail.IsBrief)
            return false;
        if (Interlocked.CompareExchange(ref _wake, (int)Signal.Running, (int)(Signal.Running | Signal.Mail)) != (int)(Signal.Running | Signal.Mail))
            return false;
        RunOnce(Signal.Mail);
        if (Interlocked.CompareExchange(ref _wake, 0, (int)Signal.Running) != (int)Signal.Running)
            _host.Scheduler.Schedule(this);
        return true;
    }
}
