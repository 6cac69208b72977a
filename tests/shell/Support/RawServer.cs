using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>
/// A server on the pure core that does only what a test tells it: it reads when asked for an event, consumes when told, and sends raw octets
/// when a test wants to misbehave.
/// </summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly Effects _effects = new();
    private readonly List<ConnectionEvent> _seen = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private ConnectionState _state;
    private int _filled;

    private RawServer(Stream stream, ConnectionOptions? options)
    {
        _stream = stream;
        _state = Connection.Open(Role.Server, options ?? ConnectionOptions.Default, Environment.TickCount64, _effects);
    }

    /// <summary>Whether received data are given back as credit at once. Default true.</summary>
    public bool AutoConsume { get; set; } = true;

    /// <summary>A client's connection in memory, and this at its other end, which has sent its SETTINGS.</summary>
    public static async Task<(Http2ClientConnection Client, RawServer Server)> StartAsync(
        Http2ClientOptions? client = null, ConnectionOptions? server = null)
    {
        var (clientEnd, serverEnd) = PipeEnds.Create();
        var connection = Http2ClientConnection.Over(clientEnd, (client ?? new()) with { });
        var raw = new RawServer(serverEnd.AsStream(), server);
        await raw.FlushAsync();
        await raw.Until<ConnectionEvent.SettingsReceived>();
        await raw.Until<ConnectionEvent.SettingsAcknowledged>();
        return (connection, raw);
    }

    public Task<ConnectionEvent.RequestReceived> RequestAsync() => Until<ConnectionEvent.RequestReceived>();

    public Task RespondAsync(StreamId id, int status = 200, bool endStream = true, string body = "", params HeaderField[] fields) =>
        CommandAsync((state, effects) => (Connection.SubmitResponse(
            state, id, new OutboundHead(status, [.. fields]), new OutboundBody(System.Text.Encoding.UTF8.GetBytes(body), endStream), effects, out var next), next));

    public Task InformAsync(StreamId id, int status) =>
        CommandAsync((state, effects) => (Connection.SubmitInformational(state, id, new OutboundHead(status, []), effects, out var next), next));

    public Task DataAsync(StreamId id, ReadOnlyMemory<byte> data, bool endStream = false) =>
        CommandAsync((state, effects) => (Connection.SubmitData(state, id, data, endStream, effects, out var next), next));

    public Task ResetAsync(StreamId id, ErrorCode code) =>
        CommandAsync((state, effects) => (Connection.SubmitReset(state, id, code, effects, out var next), next));

    public async Task<StreamId> PushAsync(StreamId parent, string path, string authority = "localhost")
    {
        var promised = default(StreamId);
        await CommandAsync((state, effects) => (Connection.SubmitPush(
            state, parent, [(":method", "GET"), (":scheme", "http"), (":authority", authority), (":path", path)], effects, out promised, out var next), next));
        return promised;
    }

    public Task ShutdownAsync() => CommandAsync((state, effects) => (Refusal.None, Connection.Shutdown(state, Environment.TickCount64, effects)));

    public Task AbortAsync(ErrorCode code) => CommandAsync((state, effects) => (Refusal.None, Connection.Abort(state, code, effects)));

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
                throw new EndOfStreamException($"The client closed before {typeof(T).Name}; seen: {string.Join(", ", _seen)}");
        }
    }

    /// <summary>Reads until everything the client had to send before now was seen: a PING goes round.</summary>
    public async Task SettleAsync()
    {
        var opaque = (ulong)Random.Shared.NextInt64();
        await CommandAsync((state, effects) => (Refusal.None, Connection.SubmitPing(state, opaque, effects)));
        await Until<ConnectionEvent.PingAcknowledged>(p => p.Opaque == opaque);
    }

    public async Task<ErrorCode> Closed(StreamId id) => (await Until<ConnectionEvent.StreamClosed>(e => e.Id == id)).Code;

    /// <summary>What the client says with GOAWAY.</summary>
    public async Task<ErrorCode> GoAwayAsync() => (await Until<ConnectionEvent.GoAwayReceived>()).Code;

    public async ValueTask DisposeAsync() => await _stream.DisposeAsync();

    private async Task CommandAsync(Func<ConnectionState, Effects, (Refusal, ConnectionState)> command)
    {
        var (refusal, next) = command(_state, _effects);
        if (refusal != Refusal.None)
            throw new InvalidOperationException($"{refusal}");
        _state = next;
        await FlushAsync();
    }

    private async Task<bool> ReadAsync(CancellationToken late)
    {
        var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), late);
        if (read == 0)
            return false;
        _filled += read;
        var at = 0;
        while (at < _filled)
        {
            _state = Connection.Receive(in _state, _buffer.AsMemory(at, _filled - at).ToArray(), Environment.TickCount64, _effects, out var taken);
            if (taken == 0)
                break;
            at += taken;
        }
        _buffer.AsSpan(at, _filled - at).CopyTo(_buffer);
        _filled -= at;
        foreach (var happened in _effects.Events)
        {
            if (AutoConsume && happened is ConnectionEvent.DataReceived data)
                _state = Connection.Consume(in _state, data.Id, data.Data.Length, _effects);
            _seen.Add(happened);
        }
        _effects.Events.Clear();
        await FlushAsync();
        return true;
    }

    private async Task FlushAsync()
    {
        if (Connection.CanDrain(in _state))
            _state = Connection.Drain(in _state, 1 << 20, _effects);
        var octets = _effects.Output.WrittenMemory.ToArray();
        _effects.Output.Truncate(0);
        if (octets.Length == 0)
            return;
        try
        {
            await _stream.WriteAsync(octets).AsTask().Soon();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // What the client said before it closed is still there to be read.
        }
    }
}
