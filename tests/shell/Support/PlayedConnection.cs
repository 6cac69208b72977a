using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// A connection of no particular role over a scripted transport. The test is its owner: it calls the rooms in the order in which it wants to
/// see them, and says what time it is.
/// </summary>
internal sealed class PlayedConnection
{
    public PlayedConnection(EngineLimits? limits = null)
    {
        Limits = limits ?? Rooms.Default;
        Host = Rooms.Host(Limits, Time, Log);
        Host.Scheduler = Scheduler;
        // those that are there are what all connections share
        Time.Timers.Clear();
        Connection = new Http2Connection(Host, Transport, new Http2ConnectionInfo(1, null, null));
    }

    public EngineLimits Limits { get; }

    public StatedTime Time { get; } = new();

    public TestLog Log { get; } = new();

    public QueueScheduler Scheduler { get; } = new();

    public ScriptedTransport Transport { get; } = new();

    public PlainRole Role { get; } = new();

    public EngineHost Host { get; }

    public Http2Connection Connection { get; }

    public CoreSession Core => Connection.Core;

    /// <summary>Begins as a server's connection whose client has sent its preface and settings. The test is the owner from then on.</summary>
    public PlayedConnection Start()
    {
        StartRunning();
        // a run that is due, and that never comes: what happens meanwhile waits for it
        Connection.Owner.Wake(Signals.Again, inline: false);
        return this;
    }

    /// <summary>The same, but what happens from then on has the connection run; so nothing may come before <see cref="Run"/>.</summary>
    /// <param name="alreadyRead">What the client has sent behind its preface and settings.</param>
    public void StartRunning(params ReadOnlySpan<byte> alreadyRead)
    {
        Connection.Start(Role, [.. Rooms.Preface, .. alreadyRead]);
        ((IOwned)Connection).Resume();
    }

    /// <summary>Does what was scheduled; the test is not the owner any more.</summary>
    public void Run() => Scheduler.RunOne();

    /// <summary>It is this late, by all clocks.</summary>
    public void SetTime(long milliseconds)
    {
        Time.Milliseconds = milliseconds;
        Core.SetTime(milliseconds);
    }

    /// <summary>Octets are in the input buffer, and not taken yet.</summary>
    public void Receive(params byte[] octets)
    {
        // the receive that waits since the start brings the first octets, behind it each has its own
        Transport.Come(octets);
        if (!Connection.Input.IsReceiving)
            Connection.Input.Receive(expectsMuch: false);
        Assert.True(SpinWait.SpinUntil(() => Connection.Input.HasMore, Patience.Time));
        Connection.Input.CompleteReceive(isWanted: true);
    }

    /// <summary>The peer acknowledges the settings of this end, so that no deadline waits for that.</summary>
    public PlayedConnection Acknowledge()
    {
        Assert.True(Take(Requests.Frame(4, 1, 0, [])));
        return this;
    }

    /// <summary>A request whose body is to come: its stream is in the table.</summary>
    public PlainStream Upload(uint id = 1)
    {
        Role.OnHeads = _ => { };
        Take(Requests.Post(id));
        return Add(id, expectsBody: true);
    }

    /// <summary>Octets come, and all frames of them are taken.</summary>
    public bool Take(params byte[] octets)
    {
        Receive(octets);
        return new FrameLoop(Connection).TakeFrames();
    }

    /// <summary>Puts a stream in the table.</summary>
    public PlainStream Add(uint id, bool expectsBody)
    {
        var stream = new PlainStream(id, Connection);
        Connection.Exchanges.Add(stream);
        if (expectsBody)
            Connection.Streams.BeginIncoming(stream);
        return stream;
    }
}

/// <summary>A role that notes what it is told, and does nothing about it.</summary>
internal sealed class PlainRole : ConnectionRole
{
    /// <summary>What was told, in order.</summary>
    public List<string> Told { get; } = [];

    /// <summary>What happens in each call that may be left behind; false when it is.</summary>
    public Func<string, bool> OnCall { get; set; } = static _ => true;

    /// <summary>What happens when the head of a message comes.</summary>
    public Action<ConnectionEvent> OnHeads { get; set; } = static _ => { };

    /// <summary>Whether events of streams that the table does not have are kept.</summary>
    public bool KeepsForLater { get; set; }

    public override Role Role => Role.Server;

    public override int Waiting => 0;

    public override bool HasBriefTasks => false;

    public override bool HoldsEnd => false;

    public override bool OnHead(ConnectionEvent happened)
    {
        OnHeads(happened);
        return Call($"head {happened.GetType().Name}");
    }

    public override bool TryKeepForLater(StreamId id, ConnectionEvent happened) => KeepsForLater;

    public override void OnBodyBegins(Http2Stream stream) => Told.Add($"body of {stream.StreamId.Value}");

    public override bool TellData(Http2Stream stream, ReadOnlyMemory<byte> data, bool isLast) => Call($"data {stream.StreamId.Value} {data.Length}");

    public override bool TellDone(Http2Stream stream) => Call($"done {stream.StreamId.Value}");

    public override bool TellClosed(Http2Stream stream, ErrorCode code)
    {
        stream.TellClosed();
        return Call($"closed {stream.StreamId.Value} {code}");
    }

    public override void OnClosedUntold(StreamId id) => Told.Add($"closed untold {id.Value}");

    public override void OnEnded() => Told.Add("ended");

    public override void OnClosing() => Told.Add("closing");

    public override void OnBodyFailed(Http2Stream stream, Exception failure) => Told.Add($"failed {failure.Message}");

    public override void LeaveBehind(object callee) => Told.Add($"left {callee}");

    private bool Call(string what)
    {
        Told.Add(what);
        return OnCall(what);
    }
}
