using System.Buffers.Binary;
using System.Net.Sockets;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>A client that sends octets and sees the types of frames: it answers nothing by itself.</summary>
internal sealed class FrameClient : IDisposable
{
    private const ulong Settling = 0x736574746c65;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly NetworkStream _stream;

    private FrameClient(Serving serving)
    {
        _socket.Connect(serving.Server.Endpoints[0].Address);
        _stream = new NetworkStream(_socket, ownsSocket: true);
    }

    /// <summary>Connects; answers when the server's SETTINGS, and what belongs to them, were seen.</summary>
    public static async Task<FrameClient> ConnectAsync(Serving serving)
    {
        var client = new FrameClient(serving);
        await client.SendAsync(Rooms.Preface);
        await client.SettleAsync();
        return client;
    }

    public Task SendAsync(byte[] octets) => _stream.WriteAsync(octets).AsTask().Soon();

    /// <summary>Acknowledges a PING.</summary>
    public Task AcknowledgeAsync(ulong opaque) => SendAsync(Ping(flags: 1, opaque));

    /// <summary>The types of the frames up to and with the next of this type.</summary>
    public Task<List<FrameType>> UntilAsync(FrameType last) => UntilAsync((type, _) => type == last);

    /// <summary>The types of what the server had to send before now: a PING goes round.</summary>
    public async Task<List<FrameType>> SettleAsync()
    {
        await SendAsync(Ping(flags: 0, Settling));
        var frames = await UntilAsync((type, payload) => type == FrameType.Ping && BinaryPrimitives.ReadUInt64BigEndian(payload) == Settling);
        return frames[..^1];
    }

    public void Dispose() => _stream.Dispose();

    private static byte[] Ping(byte flags, ulong opaque)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(payload, opaque);
        return Requests.Frame((byte)FrameType.Ping, flags, 0, payload);
    }

    private async Task<List<FrameType>> UntilAsync(Func<FrameType, byte[], bool> isLast)
    {
        var frames = new List<FrameType>();
        while (true)
        {
            var head = new byte[9];
            await _stream.ReadExactlyAsync(head).AsTask().Soon();
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await _stream.ReadExactlyAsync(payload).AsTask().Soon();
            frames.Add((FrameType)head[3]);
            if (isLast((FrameType)head[3], payload))
                return frames;
        }
    }
}
