namespace Http2.Shell;

/// <summary>A lock-free box that many threads post to and one owner empties; empty it takes one reference.</summary>
internal struct Mailbox
{
    private OwnerTask? _newest;

    public readonly bool IsEmpty => Volatile.Read(in _newest) is null;

    /// <summary>Whether all that is in it now is brief. The owner's to ask.</summary>
    public readonly bool IsBrief
    {
        get
        {
            for (var task = Volatile.Read(in _newest); task is not null; task = task.Next)
            {
                if (!task.IsBrief)
                    return false;
            }
            return true;
        }
    }

    /// <summary>Posts; answers whether the box was empty, so that the owner must be woken.</summary>
    public bool Post(OwnerTask task)
    {
        if (!task.TryClaim())
            return false;
        var head = Volatile.Read(ref _newest);
        while (true)
        {
            task.Next = head;
            var seen = Interlocked.CompareExchange(ref _newest, task, head);
            if (ReferenceEquals(seen, head))
                return head is null;
            head = seen;
        }
    }

    /// <summary>Takes all there is, the oldest first.</summary>
    public OwnerTask? Take()
    {
        if (IsEmpty)
            return null;
        var newest = Interlocked.Exchange(ref _newest, null);
        OwnerTask? oldest = null;
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
