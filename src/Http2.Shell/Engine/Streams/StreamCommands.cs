using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// What may be asked of a stream from any thread, whichever role the connection has: done at once by the owner's thread, posted by others.
/// </summary>
/// <param name="connection">The connection of the streams.</param>
internal readonly struct StreamCommands(Http2Connection connection)
{
    /// <summary>Resets a stream on the application's wish. Any thread.</summary>
    public void Reset(Http2Stream stream, ErrorCode code)
    {
        using var access = connection.Owner.TryAccess();
        if (!access.IsTaken)
        {
            if (!stream.IsClosed)
                connection.Owner.Post(new ResetTask(connection.Core, stream, code));
            return;
        }
        stream.ResetAsOwner(connection.Core, code, Http2CloseCause.ApplicationReset);
    }

    /// <summary>Gives credit back. From other threads amounts add up until the owner comes round. Any thread.</summary>
    public void Consume(Http2Stream stream, int octets)
    {
        if (octets == 0 || stream.IsClosed)
            return;
        using var access = connection.Owner.TryAccess();
        if (!access.IsTaken)
        {
            if (stream.AddCredit(octets))
                connection.Owner.Post(stream.CreditTask);
            return;
        }
        ConsumeAsOwner(stream.StreamId, octets);
    }

    /// <summary>Gives credit back. Owner only.</summary>
    public void ConsumeAsOwner(StreamId id, int octets)
    {
        connection.Memory.Move(octets);
        connection.Core.Consume(id, octets);
    }

    /// <summary>The stream was given a pace of its own. Any thread.</summary>
    public void ChangePace(Http2Stream stream)
    {
        using var access = connection.Owner.TryAccess();
        if (!access.IsTaken)
        {
            if (!stream.IsClosed)
                connection.Owner.Post(new PaceTask(connection.SlowPeers, stream));
            return;
        }
        connection.SlowPeers.ChangePace(stream);
    }

    private sealed class ResetTask(CoreSession core, Http2Stream stream, ErrorCode code) : OwnerTask
    {
        public override void Run() => stream.ResetAsOwner(core, code, Http2CloseCause.ApplicationReset);
    }

    private sealed class PaceTask(SlowPeers slowPeers, Http2Stream stream) : OwnerTask
    {
        public override void Run()
        {
            if (!stream.IsClosed)
                slowPeers.ChangePace(stream);
        }
    }
}

/// <summary>Carries the credit that other threads have given back for one stream.</summary>
internal sealed class CreditTask(Http2Stream stream) : OwnerTask
{
    public override void Run()
    {
        var octets = stream.TakeCredit();
        var connection = stream.Engine;
        if (connection.End.IsOpen && !stream.IsClosed)
            connection.Commands.ConsumeAsOwner(stream.StreamId, octets);
    }
}
