using System.Buffers.Binary;
using Http2.Shell;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Interleavings;

/// <summary>A server's connection over a transport in memory, and the frames that its client sends and gets.</summary>
internal sealed class ServedConnection
{
    private static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    private readonly Scenario _scenario;
    private readonly ServerHost _host;
    private readonly Http2Connection _connection;

    public ServedConnection(Scenario scenario, Func<Http2Request, ValueTask<Http2Response>> handler)
    {
        _scenario = scenario;
        var options = new Http2ServerOptions { TimeProvider = new ScenarioTime(scenario), LoggerFactory = new NoLog(), SendDate = false };
        _host = new ServerHost(options, static () => new Http2Request()) { Handler = handler };
        _host.Engine.Scheduler = new Unwatched();
        Transport = new MemoryTransport(scenario);
        _host.Connections.TryReserve(1);
        _connection = new Http2Connection(_host.Engine, Transport, new Http2ConnectionInfo(1, null, null));
        _connection.Start(new ServingRole(_connection, _host, null), Preface);
    }

    public MemoryTransport Transport { get; }

    /// <summary>The call of user code that the owner is in is left behind, if there is one.</summary>
    public bool TakeAway() => _connection.Owner.CurrentCall is var call and not 0 && _connection.Owner.TryTakeAway(call, computes: false);

    /// <summary>A request without a body, or the beginning of one.</summary>
    public void Request(uint id, bool hasBody) =>
        Transport.Come(Frame(1, (byte)(hasBody ? 4 : 5), id, [(byte)(hasBody ? 0x83 : 0x82), 0x86, 0x84, 0x41, 0x01, (byte)'a']));

    /// <summary>Octets of its body.</summary>
    public void Data(uint id, int length, bool isLast) => Transport.Come(Frame(0, (byte)(isLast ? 1 : 0), id, new byte[length]));

    /// <summary>The client resets it.</summary>
    public void Reset(uint id) => Transport.Come(Frame(3, 0, id, [0, 0, 0, 8]));

    /// <summary>How many frames of a type were sent on a stream.</summary>
    public int Count(byte type, uint id) => Frames().Count(frame => frame.Type == type && frame.Id == id);

    /// <summary>How much credit was given on a stream, or on the connection with 0.</summary>
    public long Credit(uint id) => Frames().Where(frame => frame.Type == 8 && frame.Id == id)
        .Sum(frame => (long)BinaryPrimitives.ReadUInt32BigEndian(frame.Payload));

    /// <summary>Whether the last frame of a stream was sent.</summary>
    public bool IsAnswered(uint id) => Frames().Any(frame => frame.Id == id && frame.Type is 0 or 1 && (frame.Flags & 1) != 0);

    /// <summary>Ends the connection and checks that nothing is held afterwards.</summary>
    public void CheckNothingIsHeld()
    {
        _connection.Stop.AtOnce();
        _scenario.WaitForAll();
        var resources = _host.Engine.Resources;
        _scenario.Check(_connection.End.Ended.IsCompleted, "The end of the connection was not told.");
        _scenario.Check(resources is { UserWork: 0, Buffers: 0, Timers: 0 },
            $"{resources.UserWork} handlers, {resources.Buffers} buffers and {resources.Timers} timers are held.");
        _scenario.Check(_host.Connections.Count == 0, "The connection's place is held.");
        _scenario.Check(_host.Engine.Memory.Held == 0, $"{_host.Engine.Memory.Held} octets are counted as held.");
    }

    private List<(byte Type, byte Flags, uint Id, byte[] Payload)> Frames()
    {
        var frames = new List<(byte, byte, uint, byte[])>();
        var octets = Transport.Sent.ToArray().AsSpan();
        while (octets.Length >= 9)
        {
            var length = octets[0] << 16 | octets[1] << 8 | octets[2];
            frames.Add((octets[3], octets[4], BinaryPrimitives.ReadUInt32BigEndian(octets[5..]), octets.Slice(9, length).ToArray()));
            octets = octets[(9 + length)..];
        }
        return frames;
    }

    private static byte[] Frame(byte type, byte flags, uint id, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
            (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id, .. payload];

    // Deadlines never come: what is explored needs none.
    private sealed class ScenarioTime(Scenario scenario) : TimeProvider
    {
        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => scenario.Now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddMilliseconds(scenario.Now);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
            // nothing is held
        }

        public ValueTask DisposeAsync() => default;
    }

    private sealed class NoLog : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
            // there is no log
        }

        public ILogger CreateLogger(string categoryName) => NullLogger.Instance;

        public void Dispose()
        {
            // nothing is held
        }
    }
}
