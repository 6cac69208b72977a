namespace Http2.Shell;

/// <summary>Where a body's octets come from, one fill at a time. Called by the connection's owner only, never concurrently.</summary>
internal abstract class BodySource
{
    /// <summary>Writes to <paramref name="buffer"/> what there is next; may complete later, on any thread.</summary>
    public abstract ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>
    /// Whether a body of known length ends with its last octet, so that it need not be asked again: its length was measured, and what comes
    /// behind it is not part of it. Else it is asked until it says that it has ended, and that must be where it was declared.
    /// </summary>
    public virtual bool EndsByLength => true;

    /// <summary>
    /// Says how much there is to be kept ready beyond what is asked for, in octets, before anything is asked for; answers how much of it the
    /// source keeps itself.
    /// </summary>
    public virtual int KeepAhead(int octets) => 0;

    /// <summary>Whom to wake when a deferred source has something again.</summary>
    public virtual void WhenResumed(Action wake)
    {
    }

    /// <summary>Gives everything up; after the last fill has completed.</summary>
    public abstract ValueTask DisposeAsync();
}
