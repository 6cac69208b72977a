using Http2.Pure;

namespace Http2.Shell;

/// <summary>Sends the bodies of messages whose head has been sent, in either role. Owner only.</summary>
/// <param name="connection">The connection of the streams.</param>
internal readonly struct BodySending(Http2Connection connection)
{
    /// <summary>Hands a body of fixed octets to the core, which sends it as the peer takes it.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="octets">The body.</param>
    /// <param name="trailers">The trailers behind it, or null.</param>
    /// <returns>Why it may not be sent, or None.</returns>
    public Refusal SendFixed(Http2Stream stream, ReadOnlyMemory<byte> octets, Http2Headers? trailers)
    {
        stream.LentOctets = MemoryBudget.Lent(octets.Length);
        connection.Memory.Hold(stream.LentOctets);
        var misuse = connection.Core.SubmitData(stream.StreamId, octets, endStream: trailers is null);
        return misuse == Refusal.None && trailers is not null
            ? connection.Core.SubmitTrailers(stream.StreamId, trailers.Fields)
            : misuse;
    }

    /// <summary>Begins to send a body that must be read.</summary>
    public void SendPumped(Http2Stream stream, BodyPump pump)
    {
        stream.Pump = pump;
        connection.Events.AddWork(pump);
    }
}
