using System.Net.Security;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How what is sent over TLS reaches the transport below.</summary>
public sealed class TlsTransportTests
{
    [Theory]
    [InlineData(1_000, 1)]
    [InlineData(65_572, 1)]
    [InlineData(196_716, 1)] // twelve full DATA frames
    [InlineData(500_000, 3)]
    public async Task A_long_output_is_sent_at_once_and_arrives(int length, int sends)
    {
        await using var pair = await Pair.MakeAsync();
        var sent = new byte[length];
        new Random(1).NextBytes(sent);
        pair.Carrier.Sends = 0;
        var sending = pair.Server.SendAsync(sent);
        var got = new byte[length];
        await pair.Client.ReadExactlyAsync(got).AsTask().Soon();
        await sending.AsTask().Soon();
        Assert.Equal(sent, got);
        Assert.Equal(sends, pair.Carrier.Sends);
    }

    [Fact]
    public async Task A_transport_that_fails_fails_the_send_and_what_is_sent_later_is_not_kept()
    {
        await using var pair = await Pair.MakeAsync();
        pair.Carrier.Failing = true;
        await Assert.ThrowsAsync<IOException>(() => pair.Server.SendAsync(new byte[100_000]).AsTask().Soon());
        await Assert.ThrowsAsync<IOException>(() => pair.Server.SendAsync(new byte[10]).AsTask().Soon());
    }

    [Fact]
    public async Task After_the_stream_is_disposed_of_a_long_output_is_refused_and_nothing_goes_on_being_collected()
    {
        await using var pair = await Pair.MakeAsync();
        pair.Server.Close();
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAsync<ObjectDisposedException>(async () => await pair.Server.SendAsync(new byte[100_000]));
    }

    private sealed class Pair(TlsTransport server, Carrier carrier, SslStream client) : IAsyncDisposable
    {
        public TlsTransport Server => server;

        public Carrier Carrier => carrier;

        public SslStream Client => client;

        public static async Task<Pair> MakeAsync()
        {
            var (ours, theirs) = PipeEnds.Create();
            var carrier = new Carrier(new PipeTransport(theirs, TimeProvider.System));
            var inner = new TransportStream(carrier, new Clock(TimeProvider.System));
            var stream = new SslStream(inner);
            var client = new SslStream(ours.AsStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
            var accepting = stream.AuthenticateAsServerAsync(TestCertificate.Server);
            await client.AuthenticateAsClientAsync("localhost").Soon();
            await accepting.Soon();
            return new Pair(new TlsTransport(stream, inner), carrier, client);
        }

        public async ValueTask DisposeAsync()
        {
            server.Close();
            await client.DisposeAsync();
        }
    }

    private sealed class Carrier(ITransport transport) : ITransport
    {
        public int Sends { get; set; }

        public bool Failing { get; set; }

        public long Taken => transport.Taken;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => transport.ReceiveAsync(buffer);

        public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
        {
            Sends++;
            return Failing ? ValueTask.FromException(new IOException("Failing.")) : transport.SendAsync(octets);
        }

        public ValueTask FinishSendingAsync() => transport.FinishSendingAsync();

        public void Close() => transport.Close();
    }
}
