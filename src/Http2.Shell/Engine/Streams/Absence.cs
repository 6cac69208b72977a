using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// A stream whose callback did not come back in time, or has returned a task that is not complete: the connection goes on without it. What
/// must be told meanwhile waits here, in order, until the callback has come back; so the callbacks of one stream never run concurrently. The
/// stream's window bounds how much waits, since nothing of it is consumed. Belongs to the owner.
/// </summary>
internal sealed class Absence(ICalledBack called) : IUserWork
{
    private readonly Queue<Delivery> _waiting = [];

    /// <summary>Whether a callback has not come back, or its task is not complete.</summary>
    public bool IsAway { get; set; }

    /// <summary>Keeps a callback for later. A stream that was reset has only its end to tell.</summary>
    public void Add(in Delivery delivery)
    {
        if (delivery is { Kind: Delivery.Kinds.Close, Code: not ErrorCode.NoError })
            _waiting.Clear();
        _waiting.Enqueue(delivery.Kept());
    }

    /// <summary>The callback has returned: what waited comes now, and with it the end of the absence.</summary>
    public bool Run()
    {
        var (stream, callbacks) = (called.Stream, called.Stream.Engine.Callbacks);
        while (!IsAway && _waiting.TryDequeue(out var delivery))
        {
            // The callback has failed, or a reset of ours is on its way: only the end comes.
            if (delivery.Kind != Delivery.Kinds.Close && called.IsToldTheEndOnly)
            {
                stream.Engine.Commands.Consume(stream, delivery.Data.Length);
                continue;
            }
            if (!callbacks.Call(called, delivery))
                return false;
        }
        if (!IsAway)
            callbacks.EndAbsence(called);
        return true;
    }
}
