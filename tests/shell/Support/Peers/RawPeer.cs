using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>
/// One end of a connection on the pure core that does only what a test tells it: it reads when it is asked for an event, consumes when it is
/// told to, and sends raw octets when a test wants to misbehave.
/// </summary>
internal abstract class RawPeer : IAsyncDisposable
{
    private readonly string _other;
    private readonly Effects _effects = new();
    private readonly List<ConnectionEvent> _seen = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private ConnectionState _state;
    private int _filled;

    protected RawPeer(Stream stream, Role role, ConnectionOptions? options)
    {
        Stream = stream;
        _other = role == Role.Client ? "server" : "client";
        _state = Connection.Open(role, options ?? ConnectionOptions.Default, Environment.TickCount64, _effects);
    }

    /// <summary>A command to the core.</summary>
    protected delegate Refusal Command(ref ConnectionState state, Effects effects);

    /// <summary>Whether received data are given back as credit at once. Default true.</summary>
    public bool AutoConsume { get; set; } = true;

    protected Stream Stream { get; }

    public Task DataAsync(StreamId id, ReadOnlyMemory<byte> data, bool endStream = false) => CommandAsync(
        (ref state, effects) => Connection.SubmitData(in state, id, data, endStream, effects, out state));

    public Task ResetAsync(StreamId id, ErrorCode code) => CommandAsync(
        (ref state, effects) => Connection.SubmitReset(in state, id, code, effects, out state));

    public async Task RawAsync(params byte[] octets) => await Stream.WriteAsync(octets);

    /// <summary>One frame, as wrong as the test wants it.</summary>
    public Task FrameAsync(byte type, byte flags, uint stream, params byte[] payload) =>
        RawAsync(Requests.Frame(type, flags, stream, payload));

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
                throw new EndOfStreamException($"The {_other} closed before {typeof(T).Name}; seen: {string.Join(", ", _seen)}");
        }
    }

    /// <summary>Whether an event of this kind was seen so far.</summary>
    public bool Saw<T>(Func<T, bool>? match = null)
        where T : ConnectionEvent => _seen.Any(e => e is T candidate && match?.Invoke(candidate) != false);

    /// <summary>Reads until everything the other end had to send before now was seen: a PING goes round.</summary>
    public async Task SettleAsync()
    {
        var opaque = (ulong)Random.Shared.NextInt64();
        await CommandAsync((ref state, effects) =>
        {
            state = Connection.SubmitPing(in state, opaque, effects);
            return Refusal.None;
        });
        await Until<ConnectionEvent.PingAcknowledged>(p => p.Opaque == opaque);
    }

    public async Task<ErrorCode> Closed(StreamId id) => (await Until<ConnectionEvent.StreamClosed>(e => e.Id == id)).Code;

    /// <summary>Reads to the end of the connection.</summary>
    public async Task End()
    {
        using var late = new CancellationTokenSource(Patience.Time);
        while (await ReadAsync(late.Token))
        {
        }
    }

    /// <summary>Octets of a body that wait for the other end's credit.</summary>
    public long Queued(StreamId id) => Connection.Queued(in _state, id);

    public async ValueTask DisposeAsync() => await Stream.DisposeAsync();

    /// <summary>The SETTINGS of this end go out; done when those of the other end were seen, and these acknowledged.</summary>
    protected async Task OpenAsync()
    {
        await FlushAsync();
        await Until<ConnectionEvent.SettingsReceived>();
        await Until<ConnectionEvent.SettingsAcknowledged>();
    }

    /// <summary>Gives a command, and sends what came of it.</summary>
    protected Task CommandAsync(Command command)
    {
        Give(command);
        return FlushAsync();
    }

    /// <summary>Gives a command, and throws away what it would send.</summary>
    protected void Unsent(Command command)
    {
        Give(command);
        _effects.Output.Truncate(0);
    }

    private void Give(Command command)
    {
        var refusal = command(ref _state, _effects);
        if (refusal != Refusal.None)
            throw new InvalidOperationException($"The test did something wrong: {refusal}");
    }

    private async Task<bool> ReadAsync(CancellationToken late)
    {
        int read;
        try
        {
            read = await Stream.ReadAsync(_buffer.AsMemory(_filled), late);
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
                await Stream.WriteAsync(octets).AsTask().Soon();
            }
            catch (Exception gone) when (gone is IOException or InvalidOperationException)
            {
                // What the other end said before it closed is still there to be read.
                return;
            }
        }
    }
}
