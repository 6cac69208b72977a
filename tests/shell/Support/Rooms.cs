using Http2.Pure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Http2.Shell.Tests;

/// <summary>The rooms of a server's connection, joined by hand so that each can be looked at alone; the test is the owner, and the clock.</summary>
internal sealed class Rooms
{
    public static readonly byte[] Preface = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    public Rooms(EngineLimits? limits = null)
    {
        Limits = limits ?? Default;
        Budget = new MemoryBudget(64 << 20);
        Memory = new ConnectionMemory(Budget, new ResourceCounts(new BufferPool()));
        Input = new InputBuffer(Transport, Memory, () => Received++);
        Output = new OutputWriter(Transport, Core, Memory, Limits.MaxUnsentPerConnection, isTls: false, () => SentLater++);
        Sends = new SendWatch(Transport, Core, Output, Limits);
        Core.Attach(new Effects());
    }

    /// <summary>The limits of a server with the default options.</summary>
    public static EngineLimits Default => new ServerHost(new Http2ServerOptions(), static () => new Http2Request()).Engine.Limits;

    public EngineLimits Limits { get; }

    public MemoryBudget Budget { get; }

    public ConnectionMemory Memory { get; }

    public ScriptedTransport Transport { get; } = new();

    public CoreSession Core { get; } = new();

    public InputBuffer Input { get; }

    public OutputWriter Output { get; }

    public SendWatch Sends { get; }

    /// <summary>How many receives, and writes, completed later.</summary>
    public int Received { get; private set; }

    public int SentLater { get; private set; }

    /// <summary>Opens the core, has the peer say hello and a request with a body begin.</summary>
    public StreamId OpenWithUpload(ConnectionTap? tap = null)
    {
        Open(tap);
        Core.Receive(Requests.Post(1));
        return new StreamId(1);
    }

    /// <summary>Opens the core and has the peer say hello.</summary>
    public void Open(ConnectionTap? tap = null)
    {
        Core.Open(Role.Server, Limits.Connection, tap);
        ReadOnlyMemory<byte> hello = Preface;
        while (!hello.IsEmpty)
            hello = hello[Core.Receive(hello)..];
    }

    /// <summary>Has octets received by the input buffer.</summary>
    public ReadOnlySpan<byte> Receive(params byte[] octets)
    {
        Transport.Come(octets);
        if (!Input.IsReceiving)
            Input.Receive(expectsMuch: false);
        return Input.CompleteReceive(isWanted: true);
    }

    public static EngineHost Host(EngineLimits? limits = null, TimeProvider? time = null, ILogger? logger = null) =>
        new(limits ?? Default, logger ?? NullLogger.Instance, time ?? TimeProvider.System, new MemoryBudget(64 << 20));
}

/// <summary>Requests as octets.</summary>
internal static class Requests
{
    // :method GET, :scheme http, :path /, :authority a
    private static readonly byte[] Get_ = [0x82, 0x86, 0x84, 0x41, 0x01, (byte)'a'];

    private static readonly byte[] Post_ = [0x83, 0x86, 0x84, 0x41, 0x01, (byte)'a'];

    /// <summary>A whole request.</summary>
    public static byte[] Get(uint id) => Frame(1, 0x5, id, Get_);

    /// <summary>A request whose body is to come.</summary>
    public static byte[] Post(uint id) => Frame(1, 0x4, id, Post_);

    public static byte[] Data(uint id, int length, bool end = false) => Frame(0, end ? (byte)1 : (byte)0, id, new byte[length]);

    public static byte[] Frame(byte type, byte flags, uint id, byte[] payload) =>
        [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
            (byte)(id >> 24), (byte)(id >> 16), (byte)(id >> 8), (byte)id, .. payload];
}
