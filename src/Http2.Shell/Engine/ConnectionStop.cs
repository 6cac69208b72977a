using Http2.Pure;

namespace Http2.Shell;

/// <summary>How any thread asks for the end of a connection.</summary>
/// <param name="connection">What is to end.</param>
internal readonly struct ConnectionStop(Http2Connection connection)
{
    /// <summary>Begins the two-step GOAWAY (RFC 9113 §6.8).</summary>
    public void Gracefully() => connection.Owner.Post(new WhileOpen(connection, static open =>
    {
        open.End.Cause.NoteStopping();
        open.Core.Shutdown();
    }));

    /// <summary>Ends the connection with GOAWAY and NO_ERROR; the streams that are open are closed.</summary>
    public void Now() => connection.Owner.Post(
        new WhileOpen(connection, static open => open.End.Abort(ErrorCode.NoError, Http2CloseCause.Stopped)));

    /// <summary>Ends the connection with GOAWAY as soon as it begins.</summary>
    public void AtStart(ErrorCode code) => connection.Owner.PostQuietly(new WhileOpen(connection, open => open.End.Abort(code)));

    /// <summary>Ends the connection because it holds much memory and moves little.</summary>
    public void ForMemory() => connection.Owner.Post(new WhileOpen(connection, static open =>
    {
        open.End.Abort(ErrorCode.EnhanceYourCalm);
        // To a peer that takes nothing no GOAWAY can be told.
        if (open.Output.IsSending)
            open.End.Close(Http2CloseCause.Ended);
    }));

    /// <summary>The transport has found out that the peer is gone.</summary>
    public void AsLost() =>
        connection.Owner.Post(new WhileOpen(connection, static open => open.End.Fail(new IOException("The peer is gone."))));

    /// <summary>Cuts the connection: the transport goes at once, even while user code holds the owner.</summary>
    public void AtOnce()
    {
        connection.End.Cause.NoteCut();
        // What this ends wakes the connection, whose user code must not run here: the caller may have more connections to cut.
        var begun = InlineRuns.Begin();
        connection.End.CloseTransport();
        InlineRuns.End(begun, here: false);
        connection.Owner.Post(new CutTask(connection));
    }

    private sealed class WhileOpen(Http2Connection connection, Action<Http2Connection> work) : OwnerTask
    {
        public override void Run()
        {
            if (connection.End.IsOpen)
                work(connection);
        }
    }

    private sealed class CutTask(Http2Connection connection) : OwnerTask
    {
        public override void Run() => connection.End.Close(Http2CloseCause.Stopped);
    }
}
