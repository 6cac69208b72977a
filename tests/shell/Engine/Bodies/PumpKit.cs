using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// A connection with one stream whose answer has begun, so that a body may be pumped into it. The test is the owner: it says when tasks of
/// other threads are carried out, when what was put off is done, and when the core sends.
/// </summary>
internal sealed class PumpKit
{
    /// <summary>The size of a buffer unless the test says otherwise: the smallest that there is.</summary>
    public const int BufferSize = 4096;

    private readonly FrameLines _lines = new();
    private readonly long _held;

    /// <param name="expectsBody">Whether the body of the request is still to come.</param>
    /// <param name="answers">Whether the head of the response has gone out.</param>
    /// <param name="bufferSize">The size of each of the two buffers of a body whose length is not known.</param>
    public PumpKit(bool expectsBody = false, bool answers = true, int bufferSize = BufferSize)
    {
        Played = new PlayedConnection(Rooms.Default with { MaxUnsentPerStream = 2 * bufferSize }).Start();
        Played.Take(expectsBody ? Requests.Post(1) : Requests.Get(1));
        Stream = Played.Add(1, expectsBody);
        Stream.HasAnswered = true;
        if (answers)
            Core.SubmitResponse(Stream.StreamId, new OutboundHead(200, []), default, endStream: false);
        _lines.Take(Core);
        Played.Role.Told.Clear();
        _held = Connection.Memory.Held;
    }

    public PlayedConnection Played { get; }

    public PlainStream Stream { get; }

    public Http2Connection Connection => Played.Connection;

    public CoreSession Core => Played.Core;

    /// <summary>What the role was told of bodies that failed.</summary>
    public IEnumerable<string> Failures => Played.Role.Told.Where(static told => told.StartsWith("failed", StringComparison.Ordinal));

    /// <summary>Octets of the body that wait in the core.</summary>
    public long Queued => Core.Queued(Stream.StreamId);

    /// <summary>Octets of memory that the body holds.</summary>
    public long Held => Connection.Memory.Held - _held;

    /// <summary>Begins to send a body, and does nothing that was put off.</summary>
    public BodyPump Begin(ScriptedBody body, long length = -1, Http2Headers? trailers = null, Func<Http2Headers?>? after = null)
    {
        var pump = new BodyPump(Connection, Stream, body, new BodyLength(length), trailers, after);
        Connection.Bodies.SendPumped(Stream, pump);
        return pump;
    }

    /// <summary>Begins to send a body, and does what was put off.</summary>
    public BodyPump Send(ScriptedBody body, long length = -1, Http2Headers? trailers = null, Func<Http2Headers?>? after = null)
    {
        var pump = Begin(body, length, trailers, after);
        Deliver();
        return pump;
    }

    /// <summary>Delivers what the core told, and does what was put off.</summary>
    public void Deliver() => Assert.True(Connection.Events.DeliverAll());

    /// <summary>Carries out what other threads have posted, and nothing else.</summary>
    public void RunTasks() => Connection.Owner.RunTasks();

    /// <summary>Sends all that is queued and that the windows allow; what is told of that is delivered.</summary>
    public List<string> Drain()
    {
        Core.Drain(1 << 20);
        var lines = _lines.Take(Core);
        Deliver();
        return lines;
    }

    /// <summary>The frames that were written without <see cref="Drain"/>.</summary>
    public List<string> Written() => _lines.Take(Core);

    /// <summary>Takes the connection away from the call of user code that this is called in; the test goes on as the next owner.</summary>
    public void LeaveBehind() => Assert.True(Connection.Owner.TryTakeAway(Connection.Owner.CurrentCall, computes: false));
}
