using System.Runtime.CompilerServices;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// A transport as a <see cref="Stream"/>, which <see cref="System.Net.Security.SslStream"/> reads and writes. Asynchronous only. What is written
/// may be collected, so that many records are sent at once.
/// </summary>
internal sealed class TransportStream(ITransport transport, Clock clock) : UnseekableStream
{
    // Only for the moment in which records are written to memory; sending is outside of it.
    private readonly Lock _gate = new();
    private OutputBuffer? _collected;
    private bool _hasBegun;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    /// <summary>The transport beneath the stream.</summary>
    internal ITransport Transport => transport;

    /// <summary>Counts what is read. It is judged before more is read: then all of it was decrypted.</summary>
    internal TlsRecordMeter Meter { get; } = new();

    /// <summary>
    /// What the client began with when that was no TLS record; else null. Nothing is written then: it could not understand an alert.
    /// </summary>
    internal byte[]? Foreign { get; private set; }

    /// <summary>Whether the peer has sent anything.</summary>
    internal bool HasReceived => Volatile.Read(ref _hasBegun);

    /// <summary>Whatever is written from now on is kept, until <see cref="TakeCollected"/>.</summary>
    internal void Collect()
    {
        lock (_gate)
            _collected = EffectPool.RentOutput();
    }

    /// <summary>What was written since <see cref="Collect"/>; what comes later is sent at once again.</summary>
    /// <returns>A buffer of <see cref="EffectPool"/>, which the caller sends and gives back.</returns>
    internal OutputBuffer TakeCollected()
    {
        lock (_gate)
        {
            var collected = _collected!;
            _collected = null;
            return collected;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        if (!Meter.Judge(clock.At(clock.Timestamp)))
            throw new TlsFloodException();
        var octets = await transport.ReceiveAsync(buffer).ConfigureAwait(false);
        Meter.See(buffer.Span[..octets]);
        if (!_hasBegun && octets > 0)
            Begin(buffer.Span[..octets]);
        return octets;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Foreign is not null)
            return default;
        lock (_gate)
        {
            if (_collected is { } collected)
            {
                collected.Write(buffer.Span);
                return default;
            }
        }
        return transport.SendAsync(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // RFC 8446 §5.1: a client begins with a handshake record.
    private void Begin(ReadOnlySpan<byte> octets)
    {
        const byte Handshake = 22;
        _hasBegun = true;
        if (octets[0] != Handshake)
            Foreign = octets.ToArray();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            transport.Close();
        base.Dispose(disposing);
    }
}
