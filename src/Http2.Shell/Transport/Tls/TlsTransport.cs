using System.Net.Security;
using System.Runtime.CompilerServices;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// TLS over a transport. <see cref="SslStream"/> writes a record or two to its inner stream at a time; a long output is encrypted as a whole
/// first and sent with one call of the kernel, which costs less than the copy that this takes.
/// </summary>
/// <param name="stream">The stream, authenticated; disposed of at the end.</param>
/// <param name="inner">The stream beneath it.</param>
internal sealed class TlsTransport(SslStream stream, TransportStream inner) : ITransport
{
    // What SslStream writes at once anyway.
    private const int SmallOutput = 32 * 1024;

    // What a connection writes at once, frames' headers included; its records fit into the largest buffers that are kept.
    private const int LargestOutput = 224 * 1024;

    public long Taken => inner.Transport.Taken;

    public TransportReport Report() => inner.Transport.Report();

    public void WhenLost(Action lost) => inner.Transport.WhenLost(lost);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        var octets = await stream.ReadAsync(buffer).ConfigureAwait(false);
        inner.Meter.Bring(octets);
        return octets;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        if (octets.Length <= SmallOutput)
            return stream.WriteAsync(octets);
        if (octets.Length > LargestOutput)
            return SendInPartsAsync(octets);
        inner.Collect();
        ValueTask encrypting;
        try
        {
            encrypting = stream.WriteAsync(octets);
        }
        catch
        {
            EffectPool.ReturnOutput(inner.TakeCollected());
            throw;
        }
        // It waits for nothing slow: the records are written to memory.
        return encrypting.IsCompletedSuccessfully ? SendCollected() : SendWhenEncryptedAsync(encrypting);
    }

    public async ValueTask FinishSendingAsync()
    {
        await stream.ShutdownAsync().ConfigureAwait(false);
        await inner.Transport.FinishSendingAsync().ConfigureAwait(false);
    }

    public void Close()
    {
        // The carrier first: closing TLS alone would try to send once more and may wait for a peer that does not read.
        inner.Transport.Close();
        stream.Dispose();
    }

    private ValueTask SendCollected()
    {
        var records = inner.TakeCollected();
        var sending = inner.Transport.SendAsync(records.WrittenMemory);
        if (!sending.IsCompletedSuccessfully)
            return ReturnWhenSentAsync(sending, records);
        EffectPool.ReturnOutput(records);
        return default;
    }

    private static async ValueTask ReturnWhenSentAsync(ValueTask sending, OutputBuffer records)
    {
        // After a failure the transport may still read from the buffer, so then it is left to the collector.
        await sending.ConfigureAwait(false);
        EffectPool.ReturnOutput(records);
    }

    private async ValueTask SendWhenEncryptedAsync(ValueTask encrypting)
    {
        try
        {
            await encrypting.ConfigureAwait(false);
        }
        catch
        {
            EffectPool.ReturnOutput(inner.TakeCollected());
            throw;
        }
        await SendCollected().ConfigureAwait(false);
    }

    private async ValueTask SendInPartsAsync(ReadOnlyMemory<byte> octets)
    {
        for (; !octets.IsEmpty; octets = octets[Math.Min(octets.Length, LargestOutput)..])
            await SendAsync(octets[..Math.Min(octets.Length, LargestOutput)]).ConfigureAwait(false);
    }
}
