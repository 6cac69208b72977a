using Http2.Pure;

namespace Http2.Shell;

/// <summary>PINGs of the application that are on their way. Belongs to the connection's owner.</summary>
/// <param name="connection">The connection that they go over.</param>
internal sealed class PingBook(Http2Connection connection)
{
    // "ping" in ASCII, and a number behind it: the engine has PINGs of its own.
    private const ulong First = 0x70696e6700000000;

    private readonly Dictionary<ulong, Pending> _pending = [];
    private uint _last;

    /// <summary>Sends one.</summary>
    public void Send(TaskCompletionSource<TimeSpan> answered)
    {
        if (!connection.End.IsOpen || connection.Core.IsFinished)
        {
            answered.TrySetException(Ended());
            return;
        }
        var opaque = First | ++_last;
        _pending.Add(opaque, new Pending(answered, connection.Host.Time.GetTimestamp()));
        connection.Core.SubmitPing(opaque);
    }

    /// <summary>One was answered.</summary>
    public void OnAnswer(ulong opaque)
    {
        if (_pending.Remove(opaque, out var pending))
            pending.Answered.TrySetResult(connection.Host.Time.GetElapsedTime(pending.SentAt));
    }

    /// <summary>None will be answered any more.</summary>
    public void FailAll()
    {
        foreach (var pending in _pending.Values)
            pending.Answered.TrySetException(Ended());
        _pending.Clear();
    }

    private Http2StreamClosedException Ended() => new(ErrorCode.NoError, $"The connection has ended: {connection.End.Cause}.");

    private readonly record struct Pending(TaskCompletionSource<TimeSpan> Answered, long SentAt);
}
