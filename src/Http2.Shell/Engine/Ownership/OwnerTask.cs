namespace Http2.Shell;

/// <summary>
/// Something for a connection's owner to do, posted from any thread: a node of the connection's mailbox. A node that is posted again before
/// it was run is run once.
/// </summary>
internal abstract class OwnerTask
{
    private int _posted;

    internal OwnerTask? Next { get; set; }

    /// <summary>Whether nothing of the user's is called by it, so that it never takes long.</summary>
    internal virtual bool IsBrief => false;

    /// <summary>Does it; called by the owner. Calls no user code: that is put off as an <see cref="IUserWork"/>.</summary>
    public abstract void Run();

    internal bool TryClaim() => Interlocked.Exchange(ref _posted, 1) == 0;

    // Free before it is run: what is posted while it runs must be seen by another run. With a full fence: who still finds it claimed has
    // written before what this run reads.
    internal void Unclaim() => Interlocked.Exchange(ref _posted, 0);
}
