using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>The peer's commands as octets. Field sections are fixed ones that need no dynamic table.</summary>
internal static class FrameMaker
{
    // "shutdown" in ASCII: what the core puts into the PING that follows its warning
    private const ulong ShutdownPing = 0x73687574646f776e;

    // :method GET, :scheme http, :path /, :authority a
    private static readonly Octets RequestBlock = Octets.FromHex("828684010161");

    // :status 200, x-t: 1
    private static readonly Octets ResponseBlock = Octets.FromHex("880003782d740131");

    // x-t: 1, a literal without indexing
    private static readonly Octets TrailerBlock = Octets.FromHex("0003782d740131");

    private static readonly ImmutableArray<HeaderField> Request =
        [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")];

    /// <summary>The peer's part of the handshake: its preface, its SETTINGS, and the acknowledgement of ours.</summary>
    public static Octets Handshake(Role role, uint initialWindow)
    {
        var output = new OutputBuffer(64);
        if (role == Role.Server)
            output.Write(WireConstants.Preface);
        SettingsFrame.Write(output, new Setting(SettingId.InitialWindowSize, initialWindow));
        SettingsFrame.WriteAck(output);
        return new Octets(output.WrittenMemory);
    }

    /// <summary>A frame of the peer.</summary>
    /// <param name="role">The end that gets it.</param>
    /// <param name="command">The frame.</param>
    /// <param name="open">The beginning of the block that it may go on with, or null.</param>
    /// <returns>The frame, or null when it is a command of the application.</returns>
    public static Octets? Make(Role role, Command command, Command.PeerHeaders? open = null)
    {
        var output = new OutputBuffer(64);
        switch (command)
        {
            case Command.PeerHeaders c:
                WriteHeaders(output, role, c);
                break;
            case Command.PeerContinuation c:
                WriteContinuation(output, role, c, open);
                break;
            case Command.PeerOverpadded c:
                FrameWriter.WriteFrame(output, FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.Padded, new(c.Id), [200, 0, 0]);
                break;
            case Command.PeerData c:
                var payload = new DataPayload(new Octets(new byte[c.Octets]), PaddingOf(c.Padding));
                FrameWriter.WriteFrame(output, new Frame.Data(new(c.Id), c.End ? FrameFlags.EndStream : FrameFlags.None, payload));
                break;
            case Command.PeerReset c:
                RstStreamFrame.Write(output, new(c.Id), ErrorCode.Cancel);
                break;
            case Command.PeerWindow c:
                WindowUpdateFrame.Write(output, new(c.Id), c.Increment);
                break;
            case Command.PeerSetting c:
                SettingsFrame.Write(output, new Setting(c.Id, c.Value));
                break;
            case Command.PeerSettingsAck:
                SettingsFrame.WriteAck(output);
                break;
            case Command.PeerGoAway c:
                GoAwayFrame.Write(output, new(c.Last), ErrorCode.NoError, default);
                break;
            case Command.PeerPong:
                PingFrame.Write(output, ShutdownPing, ack: true);
                break;
            case Command.PeerPromise c:
                FrameWriter.WriteFrame(output, new Frame.PushPromise(new(c.Parent), FrameFlags.EndHeaders, new(new(c.Promised), RequestBlock)));
                break;
            case Command.PeerPriority c:
                PriorityFrame.Write(output, new(c.Id), new PriorityPayload(false, StreamId.Connection, 16));
                break;
            case Command.PeerPing:
                PingFrame.Write(output, 7);
                break;
            default:
                return null;
        }
        return new Octets(output.WrittenMemory);
    }

    /// <summary>The application's commands as inputs of the core.</summary>
    /// <param name="command">The command.</param>
    /// <param name="offset">How many octets the stream's body has already: bodies are a pattern, so that order shows.</param>
    public static Input Input(Command command, long offset) => command switch
    {
        Command.AppRequest c => new Input.SubmitRequest(Request, c.End),
        Command.AppRespond c => new Input.SubmitResponse(new(c.Id), new OutboundHead(200, []), Body(c.Id, offset, c.Octets), c.End),
        Command.AppData c => new Input.SubmitData(new(c.Id), Body(c.Id, offset, c.Octets), c.End),
        Command.AppTrailers c => new Input.SubmitTrailers(new(c.Id), [("x-t", "1")]),
        Command.AppReset c => new Input.SubmitReset(new(c.Id), ErrorCode.Cancel),
        Command.AppPush c => new Input.SubmitPush(new(c.Parent), Request),
        Command.AppConsume c => new Input.Consume(new(c.Id), c.Octets),
        Command.AppRetire c => new Input.Retire(new(c.Id)),
        Command.AppDrain c => new Input.Drain(c.Budget),
        Command.AppSetting c => new Input.SubmitSettings([new(c.Id, c.Value)], 0),
        Command.AppShutdown => new Input.Shutdown(0),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };

    private static Octets? PaddingOf(int length) => length < 0 ? default(Octets?) : new Octets(new byte[length]);

    private static void WriteHeaders(OutputBuffer output, Role role, Command.PeerHeaders headers)
    {
        var block = BlockOf(role, headers);
        var part = headers.More ? block.Slice(0, block.Length / 2) : block;
        var flags = (headers.More ? FrameFlags.None : FrameFlags.EndHeaders) | (headers.End ? FrameFlags.EndStream : FrameFlags.None);
        FrameWriter.WriteFrame(output, new Frame.Headers(new(headers.Id), flags, new HeadersPayload(part, Padding: PaddingOf(headers.Padding))));
    }

    private static void WriteContinuation(OutputBuffer output, Role role, Command.PeerContinuation part, Command.PeerHeaders? open)
    {
        var block = open is null ? TrailerBlock : BlockOf(role, open);
        var id = part.Id == 0 && open is not null ? open.Id : part.Id;
        FrameWriter.WriteFrame(
            output, FrameType.Continuation, part.More ? FrameFlags.None : FrameFlags.EndHeaders, new(id), part.More ? default : block.Span[(block.Length / 2)..]);
    }

    private static Octets BlockOf(Role role, Command.PeerHeaders headers)
    {
        var fields = headers.Trailers ? TrailerBlock : role == Role.Server ? RequestBlock : ResponseBlock;
        return headers.Update < 0 ? fields : new Octets((byte[])[.. SizeUpdate(headers.Update), .. fields.Span]);
    }

    // RFC 7541 §6.3, §5.1: three bits, and an integer with a prefix of five
    private static byte[] SizeUpdate(int size)
    {
        const int Prefix = 31;
        if (size < Prefix)
            return [(byte)(0x20 | size)];
        var octets = new List<byte> { 0x3f };
        for (size -= Prefix; size >= 0x80; size >>= 7)
            octets.Add((byte)(0x80 | (size & 0x7f)));
        return [.. octets, (byte)size];
    }

    public static byte OctetAt(uint id, long offset) => (byte)((offset * 7) + id);

    private static Octets Body(uint id, long offset, int length)
    {
        var body = new byte[length];
        for (var i = 0; i < length; i++)
            body[i] = OctetAt(id, offset + i);
        return new Octets(body);
    }
}
