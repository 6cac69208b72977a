namespace Http2.Shell;

/// <summary>
/// Something for a connection's owner to do, posted from any thread: a node of the connection's mailbox. A node that is posted again before
/// it was run is run once.
/// </summary>
internal abstract class Mail
{
    private int _posted;

    internal Mail? Next { get; set; }

    /// <summary>Whether nothing of the user's is called by it, so that it never takes long.</summary>
    internal virtual bool IsBrief => false;

    /// <summary>Does it; called by the owner. Calls no user code: that is put off with <see cref="Http2Connection.AddWork"/>.</summary>
    public abstract void Run(Http2Connection connection);

    internal bool TryClaim() => Interlocked.Exchange(ref _posted, 1) == 0;

    // Free before it is run: what is posted while it runs must be seen by another run. With a full fence: who still finds it claimed has
    // written before what this run reads.
    internal void Unclaim() => Interlocked.Exchange(ref _posted, 0);
}

/// <summary>A lock-free box that many threads post to and one owner empties; empty it takes one reference.</summary>
internal struct Mailbox
{
    private Mail? _newest;

    public readonly bool IsEmpty => Volatile.Read(in _newest) is null;

    /// <summary>Whether all that is in it now is brief. The owner's to ask.</summary>
    public readonly bool IsBrief
    {
        get
        {
            for (var mail = Volatile.Read(in _newest); mail is not null; mail = mail.Next)
            {
                if (!mail.IsBrief)
                    return false;
            }
            return true;
        }
    }

    /// <summary>Posts; answers whether the box was empty, so that the owner must be woken.</summary>
    public bool Post(Mail mail)
    {
        if (!mail.TryClaim())
            return false;
        var head = Volatile.Read(ref _newest);
        while (true)
        {
            mail.Next = head;
            var seen = Interlocked.CompareExchange(ref _newest, mail, head);
            if (ReferenceEquals(seen, head))
                return head is null;
            head = seen;
        }
    }

    /// <summary>Takes all there is, the oldest first.</summary>
    public Mail? Take()
    {
        if (IsEmpty)
            return null;
        var newest = Interlocked.Exchange(ref _newest, null);
        Mail? oldest = null;
        while (newest is not null)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }
        return oldest;
    }
}
