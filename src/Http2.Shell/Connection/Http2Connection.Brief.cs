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
        if (!_host.HasDelegate || _host.Options.FrameTap is not null || _bodyBuffers > 0 || _input.Length > 0 || !_mail.IsBrief
            || _work is { Count: > 0 } || _waiting is { Count: > 0 })
            return false;
        if (Interlocked.CompareExchange(ref _wake, (int)Signal.Running, (int)(Signal.Running | Signal.Mail)) != (int)(Signal.Running | Signal.Mail))
            return false;
        // It is left behind when something of the user's was called all the same: what waits for a body that has ended is.
        var mayRest = RunOnce(Signal.Mail)
            ? Interlocked.CompareExchange(ref _wake, 0, (int)Signal.Running) == (int)Signal.Running
            : ((Signal)Interlocked.Or(ref _wake, (int)(Signal.Mail | Signal.Running)) & Signal.Running) != 0;
        if (!mayRest)
            _host.Scheduler.Schedule(this);
        return true;
    }
}
