using System.Net.Security;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Records of TLS that wait for a slow carrier lie in a buffer that nobody else borrows.</summary>
public sealed class TlsLentBuffersTests
{
    [Fact]
    public async Task Records_that_wait_are_sent_as_they_were_encrypted()
    {
        var (ours, theirs) = PipeEnds.Create(pause: 4 << 20);
        var carrier = new SlowCarrier(new PipeTransport(theirs, TimeProvider.System));
        var inner = new TransportStream(carrier, new Clock(TimeProvider.System));
        var stream = new SslStream(inner);
        await using var client = new SslStream(ours.AsStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        var accepting = stream.AuthenticateAsServerAsync(TestCertificate.Server);
        await client.AuthenticateAsClientAsync("localhost").Soon();
        await accepting.Soon();
        var server = new TlsTransport(stream, inner);
        var sent = new byte[100_000];
        new Random(1).NextBytes(sent);
        carrier.Held = new TaskCompletionSource();
        var sending = server.SendAsync(sent);
        Assert.False(sending.IsCompleted);
        var borrowed = Enumerable.Range(0, 100).Select(static _ => EffectPool.RentOutput()).ToList();
        borrowed.ForEach(static buffer => buffer.Write(new byte[200_000]));
        borrowed.ForEach(EffectPool.ReturnOutput);
        carrier.Held.SetResult();
        var got = new byte[sent.Length];
        await client.ReadExactlyAsync(got).AsTask().Soon();
        await sending.AsTask().Soon();
        Assert.Equal(sent, got);
        server.Close();
    }

    /// <summary>Passes on what it was given when the test says so, from where it lies then.</summary>
    private sealed class SlowCarrier(ITransport transport) : ITransport
    {
        public TaskCompletionSource? Held { get; set; }

        public long Taken => transport.Taken;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => transport.ReceiveAsync(buffer);

        public async ValueTask SendAsync(ReadOnlyMemory<byte> octets)
        {
            if (Held is { } held)
                await held.Task;
            await transport.SendAsync(octets);
        }

        public ValueTask FinishSendingAsync() => transport.FinishSendingAsync();

        public void Close() => transport.Close();
    }
}
