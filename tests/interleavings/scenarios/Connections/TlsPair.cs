using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Http2.Shell;

namespace Http2.Interleavings;

/// <summary>A server's transport over TLS in memory, and the client that has shaken hands with it and decrypts what it sends.</summary>
internal sealed class TlsPair
{
    private static readonly X509Certificate2 Certificate = MakeCertificate();

    private readonly SslStream _client;

    public TlsPair(Scenario scenario)
    {
        Carrier = new MemoryTransport(scenario);
        var inner = new TransportStream(Carrier, new Clock(TimeProvider.System));
        var server = new SslStream(inner);
        _client = new SslStream(new ClientStream(Carrier), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        var accepting = server.AuthenticateAsServerAsync(Certificate);
        var connecting = _client.AuthenticateAsClientAsync("localhost");
        scenario.Check(accepting.IsCompletedSuccessfully && connecting.IsCompletedSuccessfully, "The handshake has failed.");
        Transport = new TlsTransport(server, inner);
    }

    /// <summary>What lies beneath.</summary>
    public MemoryTransport Carrier { get; }

    public TlsTransport Transport { get; }

    /// <summary>What the client makes of all that was sent.</summary>
    public byte[] Decrypted(int length)
    {
        var octets = new byte[length];
        _client.ReadExactlyAsync(octets).AsTask().GetAwaiter().GetResult();
        return octets;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    // The client's end of the carrier: reads go on where octets are sent.
    private sealed class ClientStream : Stream
    {
        private readonly MemoryTransport _carrier;
        private int _read;
        private TaskCompletionSource? _waiting;

        public ClientStream(MemoryTransport carrier)
        {
            _carrier = carrier;
            carrier.OnSent = () => Interlocked.Exchange(ref _waiting, null)?.SetResult();
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (_read == _carrier.Sent.Count && !buffer.IsEmpty)
            {
                _waiting = new TaskCompletionSource();
                await _waiting.Task.ConfigureAwait(false);
            }
            var count = Math.Min(buffer.Length, _carrier.Sent.Count - _read);
            _carrier.Sent.CopyTo(_read, buffer.Span, count);
            _read += count;
            return count;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _carrier.Come(buffer.ToArray());
            return default;
        }

        public override void Flush()
        {
            // nothing is kept
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

file static class Copying
{
    public static void CopyTo(this List<byte> from, int at, Span<byte> to, int count) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(from).Slice(at, count).CopyTo(to);
}
