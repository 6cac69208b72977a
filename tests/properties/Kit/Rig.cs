using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Properties.Connections;

/// <summary>
/// One connection under test, and the peer that talks to it in octets. What the core sends and tells is written down in short lines, in
/// order, and taken by <see cref="Frames"/> and <see cref="Events"/>.
/// </summary>
internal sealed class Rig
{
    /// <summary>What the PING carries that measures the round trip of a graceful end.</summary>
    public const ulong ShutdownPing = 0x73687574646f776e;

    private readonly Effects _effects = new();
    private readonly EffectLines _lines = new();
    private EncoderState _encoder = EncoderState.Create();

    private Rig(Role role, ConnectionOptions options, bool handshake)
    {
        State = Connection.Open(role, options, Now, _effects);
        if (!handshake)
            return;
        if (role == Role.Server)
            Octets(WireConstants.Preface);
        Settings();
        SettingsAck();
        Forget();
    }

    public ConnectionState State { get; set; }

    /// <summary>Whether transitions that can be made in the place of the state are.</summary>
    public bool IsInPlace { get; init; }

    public Effects Effects => _effects;

    public long Now { get; set; } = 1_000_000;

    public bool IsFinished => Connection.IsFinished(State);

    public static Rig Server(ConnectionOptions? options = null) => new(Role.Server, options ?? ConnectionOptions.Default, handshake: true);

    /// <summary>A server whose transitions are made in the place of the state.</summary>
    public static Rig ServerInPlace() => new(Role.Server, ConnectionOptions.Default, handshake: true) { IsInPlace = true };

    public static Rig Client(ConnectionOptions? options = null) => new(Role.Client, options ?? ConnectionOptions.Default, handshake: true);

    public static Rig Fresh(Role role, ConnectionOptions? options = null) =>
        new(role, options ?? ConnectionOptions.Default, handshake: false);

    /// <summary>What the core sent since the last call, a line a frame.</summary>
    public string[] Frames()
    {
        var lines = _lines.OfFrames(_effects.Output.WrittenMemory.Span);
        _effects.Output.Truncate(0);
        return lines;
    }

    /// <summary>What the core told since the last call, a line an event.</summary>
    public string[] Events()
    {
        var lines = _effects.Events.Select(EffectLines.Of).ToArray();
        _effects.Events.Clear();
        return lines;
    }

    public void Forget()
    {
        _ = Frames();
        _ = Events();
    }

    /// <summary>Gives the core octets of the peer, until it takes no more; returns how many it took.</summary>
    public int Octets(ReadOnlySpan<byte> octets)
    {
        ReadOnlyMemory<byte> rest = octets.ToArray();
        var all = rest.Length;
        while (true)
        {
            var consumed = Take(rest);
            if (consumed == 0)
                return all - rest.Length;
            rest = rest[consumed..];
        }
    }

    private int Take(ReadOnlyMemory<byte> octets)
    {
        var state = State;
        var consumed = 0;
        if (IsInPlace)
            consumed = Connection.ReceiveInPlace(ref state, octets, Now, _effects);
        else
            state = Connection.Receive(state, octets, Now, _effects, out consumed);
        State = state;
        return consumed;
    }

    public Rig Send(Action<OutputBuffer> write)
    {
        var output = new OutputBuffer();
        write(output);
        Octets(output.WrittenMemory.Span);
        return this;
    }

    public Rig Raw(FrameType type, int flags, uint id, params ReadOnlySpan<byte> payload)
    {
        var output = new OutputBuffer();
        FrameWriter.WriteFrame(output, type, (FrameFlags)flags, new(id), payload);
        Octets(output.WrittenMemory.Span);
        return this;
    }

    public Rig Settings(params Setting[] settings) => Send(output => SettingsFrame.Write(output, settings));

    public Rig Setting(SettingId id, uint value) => Settings(new Setting(id, value));

    public Rig SettingsAck() => Send(SettingsFrame.WriteAck);

    /// <summary>Acknowledges SETTINGS when some are in flight; now and then also when none are.</summary>
    public Rig SettingsAckOf(int chance) => State.Core.Ours.InFlight.Count > 0 || chance % 64 == 0 ? SettingsAck() : this;

    public Rig Ping(ulong opaque, bool ack = false) => Send(output => PingFrame.Write(output, opaque, ack));

    public Rig Window(uint id, uint increment) => Send(output => WindowUpdateFrame.Write(output, new(id), increment));

    public Rig Rst(uint id, ErrorCode code = ErrorCode.Cancel) => Send(output => RstStreamFrame.Write(output, new(id), code));

    public Rig GoAway(uint last, ErrorCode code = ErrorCode.NoError, string debug = "") =>
        Send(output => GoAwayFrame.Write(output, new(last), code, Encoding.ASCII.GetBytes(debug)));

    public Rig Data(uint id, string text, bool end = false) => Data(id, Encoding.ASCII.GetBytes(text), end);

    public Rig Data(uint id, byte[] octets, bool end = false) => Send(output => DataFrame.Write(output, new(id), octets, end));

    public Rig Headers(uint id, bool end, params (string Name, string Value)[] fields) =>
        Send(output => Write(output, fields, start => HeadersFrame.End(output, start, new(id), end, 16384)));

    public Rig Promise(uint id, uint promised, params (string Name, string Value)[] fields) => Send(output =>
    {
        var start = PushPromiseFrame.Begin(output, new(promised));
        Encode(output, fields);
        PushPromiseFrame.End(output, start, new(id), 16384);
    });

    /// <summary>The block of <paramref name="fields"/>, which the peer's encoder takes as sent.</summary>
    public byte[] Block(params (string Name, string Value)[] fields)
    {
        var output = new OutputBuffer();
        Encode(output, fields);
        return output.WrittenMemory.ToArray();
    }

    public Rig Get(uint id, string path = "/", string method = "GET") => Headers(id, true, Request(method, path));

    public Rig Post(uint id, params (string Name, string Value)[] more) => Headers(id, false, [.. Request("POST", "/"), .. more]);

    public static (string Name, string Value)[] Request(string method = "GET", string path = "/") =>
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "example.org")];

    public static HeaderField[] Fields(params (string Name, string Value)[] fields) =>
        [.. fields.Select(f => new HeaderField(f.Name, f.Value))];

    public static OutboundHead Head(int status, long length = -1, params (string Name, string Value)[] fields) =>
        new(status, [.. Fields(fields)], length);

    public Refusal Respond(uint id, int status = 200, string body = "", bool end = true, long length = -1) =>
        Respond(id, Head(status, length), Encoding.ASCII.GetBytes(body), end);

    public Refusal Respond(uint id, OutboundHead head, byte[] body, bool end = true)
    {
        var next = State;
        var refusal = IsInPlace
            ? Connection.SubmitResponseInPlace(ref next, new(id), head, new OutboundBody(body, end), _effects)
            : Connection.SubmitResponse(State, new(id), head, new OutboundBody(body, end), _effects, out next);
        State = next;
        return refusal;
    }

    public Refusal Inform(uint id, int status, params (string Name, string Value)[] fields)
    {
        var refusal = Connection.SubmitInformational(State, new(id), Head(status, -1, fields), _effects, out var next);
        State = next;
        return refusal;
    }

    public Refusal Body(uint id, string data, bool end = false) => Body(id, Encoding.ASCII.GetBytes(data), end);

    public Refusal Body(uint id, byte[] data, bool end = false)
    {
        var refusal = Connection.SubmitData(State, new(id), data, end, _effects, out var next);
        State = next;
        return refusal;
    }

    public Refusal Trailers(uint id, params (string Name, string Value)[] fields)
    {
        var refusal = Connection.SubmitTrailers(State, new(id), Fields(fields), _effects, out var next);
        State = next;
        return refusal;
    }

    public Refusal Push(uint parent, out uint promised, params (string Name, string Value)[] fields)
    {
        var refusal = Connection.SubmitPush(State, new(parent), Fields(fields), _effects, out var id, out var next);
        (State, promised) = (next, id.Value);
        return refusal;
    }

    public Refusal Ask(out uint id, bool end = true, string method = "GET", params (string Name, string Value)[] more)
    {
        var refusal = Connection.SubmitRequest(State, Fields([.. Request(method), .. more]), end, _effects, out var opened, out var next);
        (State, id) = (next, opened.Value);
        return refusal;
    }

    public Refusal Reset(uint id, ErrorCode code = ErrorCode.Cancel)
    {
        var refusal = Connection.SubmitReset(State, new(id), code, _effects, out var next);
        State = next;
        return refusal;
    }

    public Refusal Prioritize(uint id, string fieldValue)
    {
        var misuse = Connection.SubmitPriority(State, new(id), Encoding.UTF8.GetBytes(fieldValue), _effects, out var next);
        State = next;
        return misuse;
    }

    public Refusal Submit(params Setting[] settings)
    {
        var refusal = Connection.SubmitSettings(State, settings, Now, _effects, out var next);
        State = next;
        return refusal;
    }

    public void Consume(uint id, int octets) => State = Connection.Consume(State, new(id), octets, _effects);

    public void BoundUnread(long octets) => State = Connection.BoundUnread(State, octets, _effects);

    public void Retire(uint id) => State = Connection.Retire(State, new(id));

    public void Drain(int budget = int.MaxValue) => State = Connection.Drain(State, budget, _effects);

    public void Shutdown() => State = Connection.Shutdown(State, Now, _effects);

    public void Abort(ErrorCode code) => State = Connection.Abort(State, code, _effects);

    public void SendPing(ulong opaque) => State = Connection.SubmitPing(State, opaque, _effects);

    public void EndOfInput() => State = Connection.EndOfInput(State, _effects);

    public void Disconnect() => State = Connection.Disconnect(State, _effects);

    public void Tick(long milliseconds)
    {
        Now += milliseconds;
        State = Connection.Tick(State, Now, _effects);
    }

    public StreamState StateOf(uint id) => Connection.StateOf(State, new(id));

    private void Encode(OutputBuffer output, (string Name, string Value)[] fields)
    {
        var block = new BlockWriter(_encoder, output);
        foreach (var (name, value) in fields)
            block.Write(new HeaderField(name, value));
        _encoder = block.Complete();
    }

    private void Write(OutputBuffer output, (string Name, string Value)[] fields, Action<int> end)
    {
        var start = HeadersFrame.Begin(output);
        Encode(output, fields);
        end(start);
    }
}
