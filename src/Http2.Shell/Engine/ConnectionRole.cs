using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// What a connection does for the application: a server calls handlers and answers, a client is answered. The engine knows this class only.
/// Everything is called by the connection's owner unless it says otherwise. What answers a <see cref="bool"/> and calls user code answers false
/// when that was left behind: then the connection is another thread's, and nothing of it may be touched.
/// </summary>
internal abstract class ConnectionRole
{
    /// <summary>Which end of the connection this is.</summary>
    public abstract Role Role { get; }

    /// <summary>What this connection keeps to: what all connections of the host do, unless the role knows of something that is different here.</summary>
    public virtual ConnectionOptions OptionsFrom(ConnectionOptions shared) => shared;

    /// <summary>Messages that have come and that nobody is told of yet. Any thread.</summary>
    public abstract int Waiting { get; }

    /// <summary>Whether tasks from other threads call nothing of the user's when they are run. Any thread.</summary>
    public abstract bool HasBriefTasks { get; }

    /// <summary>Whether somebody who was left behind must be told of the end of the connection first.</summary>
    public abstract bool HoldsEnd { get; }

    /// <summary>When <see cref="Judge"/> has something to do next, or <see cref="long.MaxValue"/>.</summary>
    public virtual long Due => long.MaxValue;

    /// <summary>Does what is due; what the peer has sent was read before.</summary>
    public virtual void Judge()
    {
    }

    /// <summary>Frames are about to be taken.</summary>
    public virtual void BeforeFrames()
    {
    }

    /// <summary>Keeps an event for later whose stream has somebody to be told of it, but not yet.</summary>
    /// <returns>False when it is to be delivered now.</returns>
    public virtual bool TryKeep(ConnectionEvent happened) => false;

    /// <summary>Delivers the head of a message, of a kind that only this role gets.</summary>
    public abstract bool OnHead(ConnectionEvent happened);

    /// <summary>Tells of what concerns the connection as a whole: SETTINGS, PING, GOAWAY, faults.</summary>
    public virtual void OnNotice(ConnectionEvent happened)
    {
    }

    /// <summary>Something has come for a stream that the table of exchanges does not have.</summary>
    /// <returns>Whether it is kept; else nobody will ever consume it.</returns>
    public virtual bool TryKeepForLater(StreamId id, ConnectionEvent happened) => false;

    /// <summary>Begins what had to wait and need not any longer.</summary>
    public virtual bool BeginWaiting() => true;

    /// <summary>A stream's body begins to come, or will never come.</summary>
    public virtual void OnBodyBegins(Http2Stream stream)
    {
    }

    /// <summary>Tells a stream's reader of a part of the body.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="data">The octets; they lie in the connection's buffer.</param>
    /// <param name="isLast">Whether the message ends with them.</param>
    public abstract bool TellData(Http2Stream stream, ReadOnlyMemory<byte> data, bool isLast);

    /// <summary>Tells that the message is complete.</summary>
    public abstract bool TellDone(Http2Stream stream);

    /// <summary>Tells that the stream is closed.</summary>
    public abstract bool TellClosed(Http2Stream stream, ErrorCode code);

    /// <summary>The stream was closed before anybody was told of it.</summary>
    public virtual void OnClosedUntold(StreamId id)
    {
    }

    /// <summary>A stream has ended, or the connection; perhaps somebody waits for the last.</summary>
    public virtual void OnEnded()
    {
    }

    /// <summary>All streams are about to be closed.</summary>
    public virtual void OnClosing()
    {
    }

    /// <summary>The body that is sent on a stream has failed: what was sent of it must not look complete.</summary>
    public abstract void OnBodyFailed(Http2Stream stream, Exception failure);

    /// <summary>A call of user code that this role has made does not come back. Its caller has the state to itself.</summary>
    public abstract void LeaveBehind(object callee);
}
