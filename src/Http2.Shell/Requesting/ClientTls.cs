using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Shell;

/// <summary>The client's side of TLS (RFC 9113 §9.2).</summary>
internal static class ClientTls
{
    private const SslProtocols Allowed = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>Shakes hands over a carrier, which is closed when that fails, and begins the connection.</summary>
    public static async Task<Http2ClientConnection> OpenAsync(ClientHost host, Uri address, Carrier carrier, CancellationToken cancellation)
    {
        var inner = new TransportStream(carrier.Transport, host.Engine.Clock);
        var stream = new SslStream(inner);
        try
        {
            // A read of the carrier is ended by nothing but its end.
            await using (cancellation.UnsafeRegister(static t => ((ITransport)t!).Close(), carrier.Transport).ConfigureAwait(false))
                await stream.AuthenticateAsClientAsync(Hardened(host.Options.Tls, address.IdnHost), cancellation).ConfigureAwait(false);
            // §3.2: over TLS, HTTP/2 is agreed on by ALPN or not spoken
            if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
                throw Connector.Failed(address, "the server does not offer HTTP/2 in the TLS handshake (ALPN)");
            var info = FactsOf(host, stream, carrier);
            if (!TlsSuites.IsAdequate(info))
                throw Connector.Failed(address, $"the server has chosen the cipher suite {info.CipherSuite}, which HTTP/2 forbids (RFC 9113 §9.2.2)");
            inner.Meter.Start(
                host.Options.EmptyTlsRecordLimit, stream.SslProtocol, stream.NegotiatedCipherSuite, host.Engine.Clock.At(host.Engine.Clock.Timestamp));
            return Http2ClientConnection.Begin(host, new TlsTransport(stream, inner), info, Origin.Of(address));
        }
        catch (Exception failure)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            carrier.Transport.Close();
            cancellation.ThrowIfCancellationRequested();
            throw failure as Http2ConnectException ?? Connector.Failed(address, TextOf(failure), failure);
        }
    }

    private static string TextOf(Exception failure) => failure is AuthenticationException
        ? $"the TLS handshake failed: {failure.Message}{(failure.InnerException is { } inner ? $" ({inner.Message.TrimEnd('.')})" : "")}"
        : failure.Message;

    private static Http2ConnectionInfo FactsOf(ClientHost host, SslStream stream, Carrier carrier) =>
        new(host.Engine.NextConnectionId(), carrier.Local, carrier.Remote)
        {
            TlsProtocol = stream.SslProtocol,
            CipherSuite = stream.NegotiatedCipherSuite,
            ServerName = stream.TargetHostName is { Length: > 0 } name ? name : null,
            ClientCertificate = stream.LocalCertificate as X509Certificate2,
            ServerCertificate = stream.RemoteCertificate as X509Certificate2,
        };

    // A copy, as the handshake must not be changed by what the user does to theirs meanwhile.
    private static SslClientAuthenticationOptions Hardened(SslClientAuthenticationOptions? given, string host)
    {
        given ??= new SslClientAuthenticationOptions();
        return new SslClientAuthenticationOptions
        {
            AllowTlsResume = given.AllowTlsResume,
            CertificateChainPolicy = given.CertificateChainPolicy,
            CertificateRevocationCheckMode = given.CertificateRevocationCheckMode,
            CipherSuitesPolicy = given.CipherSuitesPolicy,
            ClientCertificateContext = given.ClientCertificateContext,
            ClientCertificates = given.ClientCertificates,
            EncryptionPolicy = given.EncryptionPolicy,
            LocalCertificateSelectionCallback = given.LocalCertificateSelectionCallback,
            RemoteCertificateValidationCallback = given.RemoteCertificateValidationCallback,
            TargetHost = given.TargetHost is { Length: > 0 } name ? name : host,
            // RFC 9113 §9.2: TLS 1.2 or later. §3.2: the protocol is named h2. §9.2.1: no renegotiation.
            EnabledSslProtocols = given.EnabledSslProtocols == SslProtocols.None ? Allowed : given.EnabledSslProtocols & Allowed,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            AllowRenegotiation = false,
        };
    }
}
