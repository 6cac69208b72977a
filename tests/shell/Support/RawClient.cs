using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>
/// A client on the pure core that does only what a test tells it: it reads when asked for an event, consumes when told, and sends raw
/// octets when a test wants to misbehave.
/// </summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Effects _effects = new();
    private readonly List<ConnectionEvent> _seen = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private ConnectionState _state;
    private int _filled;

    private RawClient(Stream stream, ConnectionOptions? options)
    {
        _stream = stream;
        _state = Connection.Open(Role.Client, options ?? ConnectionOptions.Default, Environment.TickCount64, _effects);
    }

    /// <summary>Whether received data are given back as credit at once. Default true.</summary>
    public bool AutoConsume { get; set; } = true;

    public string Authority { get; private init; } = "test";

    private string Scheme => _stream is SslStream ? "https" : "http";

    public static async Task<RawClient> ConnectAsync(Serving serving, ConnectionOptions? options = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        return await OverAsync(new NetworkStream(socket, ownsSocket: true), options, serving.Uri.Authority);
    }

    /// <summary>Speaks over a connected stream; answers when the server's SETTINGS were seen and ours acknowledged.</summary>
    public static async Task<RawClient> OverAsync(Stream stream, ConnectionOptions? options = null, string? authority = null)
    {
        var client = new RawClient(stream, options) { Authority = authority ?? (stream as SslStream)?.TargetHostName ?? "test" };
        await client.FlushAsync();
        await client.Until<ConnectionEvent.SettingsReceived>();
        await client.Until<ConnectionEvent.SettingsAcknowledged>();
        return client;
    }

    public Task<StreamId> RequestAsync(string path, string method = "GET", bool endStream = true, params HeaderField[] more) =>
        SubmitAsync([(":method", method), (":scheme", Scheme), (":authority", Authority), (":path", path), .. more], endStream);

    /// <summary>A request for another origin than that of the connection.</summary>
    public Task<StreamId> RequestAsync(
        string path, string method = "GET", bool endStream = true, string? scheme = null, string? authority = null) =>
        SubmitAsync(
            [(":method", method), (":scheme", scheme ?? Scheme), (":authority", authority ?? Authority), (":path", path)], endStream);

    /// <summary>OPTIONS of a server without naming it.</summary>
    public Task<StreamId> OptionsAsync(string scheme) =>
        SubmitAsync([(":method", "OPTIONS"), (":scheme", scheme), (":path", "/")], endStream: true);

    /// <summary>CONNECT.</summary>
    public Task<StreamId> TunnelAsync(string target) => SubmitAsync([(":method", "CONNECT"), (":authority", target)], endStream: false);

    private async Task<StreamId> SubmitAsync(HeaderField[] fields, bool endStream)
    {
        Check(Connection.SubmitRequest(in _state, fields, endStream, _effects, out var id, out _state));
        await FlushAsync();
        return id;
    }

    /// <summary>
    /// Opens a stream in this client's books only, for a test that sends its own octets for it. The encoders are out of step afterwards, so
    /// further requests must be raw too.
    /// </summary>
    public StreamId OpenUnsent()
    {
        HeaderField[] fields = [(":method", "GET"), (":scheme", Scheme), (":authority", Authority), (":path", "/")];
        Check(Connection.SubmitRequest(in _state, fields, true, _effects, out var id, out _state));
        _effects.Output.Truncate(0);
        return id;
    }

    public async Task DataAsync(StreamId id, ReadOnlyMemory<byte> data, bool endStream = false)
    {
        Check(Connection.SubmitData(in _state, id, data, endStream, _effects, out _state));
        await FlushAsync();
    }

    public async Task TrailersAsync(StreamId id, params HeaderField[] fields)
    {
        Check(Connection.SubmitTrailers(in _state, id, fields, _effects, out _state));
        await FlushAsync();
    }

    public async Task ResetAsync(StreamId id, ErrorCode code)
    {
        Check(Connection.SubmitReset(in _state, id, code, _effects, out _state));
        await FlushAsync();
    }

    public async Task ConsumeAsync(StreamId id, int octets)
    {
        _state = Connection.Consume(in _state, id, octets, _effects);
        await FlushAsync();
    }

    /// <summary>Octets of a body that wait for the server's credit.</summary>
    public long Queued(StreamId id) => Connection.Queued(in _state, id);

    public async Task RawAsync(params byte[] octets) => await _stream.WriteAsync(octets);

    /// <summary>One frame, as wrong as the test wants it.</summary>
    public Task FrameAsync(byte type, byte flags, uint stream, params byte[] payload) => RawAsync([
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload]);

    /// <summary>The next event of this kind that matches; those before it that were not asked for stay for later.</summary>
    public async Task<T> Until<T>(Func<T, bool>? match = null)
        where T : ConnectionEvent
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (true)
        {
            var at = _seen.FindIndex(e => e is T candidate && match?.Invoke(candidate) != false);
            if (at >= 0)
            {
                var found = (T)_seen[at];
                _seen.RemoveAt(at);
                return found;
            }
            if (!await ReadAsync(late.Token))
                throw new EndOfStreamException($"The server closed before {typeof(T).Name}; seen: {string.Join(", ", _seen)}");
        }
    }

    /// <summary>Whether an event of this kind was seen so far.</summary>
    public bool Saw<T>(Func<T, bool>? match = null)
        where T : ConnectionEvent => _seen.Any(e => e is T candidate && match?.Invoke(candidate) != false);

    /// <summary>Reads until everything the server had to send before now was seen: a PING goes round.</summary>
    public async Task SettleAsync()
    {
        var opaque = (ulong)Random.Shared.NextInt64();
        _state = Connection.SubmitPing(in _state, opaque, _effects);
        await FlushAsync();
        await Until<ConnectionEvent.PingAcknowledged>(p => p.Opaque == opaque);
    }

    public Task<ConnectionEvent.ResponseReceived> Response(StreamId id) => Until<ConnectionEvent.ResponseReceived>(e => e.Id == id);

    public async Task<ErrorCode> Closed(StreamId id) => (await Until<ConnectionEvent.StreamClosed>(e => e.Id == id)).Code;

    /// <summary>The body of a stream up to its end.</summary>
    public async Task<byte[]> Body(StreamId id)
    {
        var body = new MemoryStream();
        while (true)
        {
            var part = await Until<ConnectionEvent>(e =>
                e is ConnectionEvent.DataReceived data && data.Id == id
                || e is ConnectionEvent.TrailersReceived trailers && trailers.Id == id
                || e is ConnectionEvent.StreamClosed { Code: not ErrorCode.NoError } closed && closed.Id == id);
            if (part is ConnectionEvent.StreamClosed reset)
                throw new IOException($"The server closed stream {id} with {reset.Code} in the middle of its body.");
            if (part is ConnectionEvent.DataReceived received)
                body.Write(received.Data.Span);
            if (part is ConnectionEvent.DataReceived { EndStream: true } or ConnectionEvent.TrailersReceived)
                return body.ToArray();
        }
    }

    public async Task<string> Text(StreamId id) => Encoding.UTF8.GetString(await Body(id));

    /// <summary>Reads to the end of the connection.</summary>
    public async Task End()
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (await ReadAsync(late.Token))
        {
        }
    }

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    public static string? Value(FieldList fields, string name) => new Http2Headers(fields, 0)[name];

    private async Task<bool> ReadAsync(CancellationToken late)
    {
        int read;
        try
        {
            read = await _stream.ReadAsync(_buffer.AsMemory(_filled), late);
        }
        catch (IOException)
        {
            read = 0;
        }
        if (read == 0)
            return false;
        _filled += read;
        var start = 0;
        while (start < _filled)
        {
            _state = Connection.Receive(
                in _state, _buffer.AsMemory(start, _filled - start), Environment.TickCount64, _effects, out var consumed);
            Keep();
            if (consumed == 0)
                break;
            start += consumed;
        }
        _buffer.AsSpan(start, _filled - start).CopyTo(_buffer);
        _filled -= start;
        await FlushAsync();
        return true;
    }

    private void Keep()
    {
        foreach (var happened in _effects.Events)
        {
            if (happened is not ConnectionEvent.DataReceived data)
            {
                _seen.Add(happened);
                continue;
            }
            _seen.Add(data with { Data = data.Data.ToArray() });
            if (AutoConsume)
                _state = Connection.Consume(in _state, data.Id, data.Data.Length, _effects);
        }
        _effects.Events.Clear();
    }

    private async Task FlushAsync()
    {
        while (true)
        {
            if (Connection.CanDrain(in _state))
                _state = Connection.Drain(in _state, 1 << 20, _effects);
            Keep();
            if (_effects.Output.Length == 0)
                return;
            var octets = _effects.Output.WrittenMemory.ToArray();
            _effects.Output.Truncate(0);
            try
            {
                await _stream.WriteAsync(octets).AsTask().Soon();
            }
            catch (IOException)
            {
                // What the server said before it closed is still there to be read.
                return;
            }
        }
    }

    private static void Check(Refusal refusal)
    {
        if (refusal != Refusal.None)
            throw new InvalidOperationException($"The test's client did something wrong: {refusal}");
    }
}
