using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Conformance;

/// <summary>The parameters of a TLS handshake that differs from the ordinary one.</summary>
internal sealed record TlsOffer
{
    public IReadOnlyList<string> Alpn { get; init; } = ["h2"];

    public SslProtocols Protocols { get; init; } = SslProtocols.None;

    public IReadOnlyList<TlsCipherSuite> Suites { get; init; } = [];

    /// <summary>Whether connecting succeeds even when the server did not choose h2 by ALPN; the caller then judges.</summary>
    public bool AnyAlpn { get; init; }
}

/// <summary>What a server chooses in a TLS handshake.</summary>
/// <param name="Certificate">The certificate, with its key.</param>
internal sealed record TlsChoice(X509Certificate2 Certificate)
{
    /// <summary>The protocols to choose from by ALPN; none leaves ALPN unanswered.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = ["h2"];

    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    public IReadOnlyList<TlsCipherSuite> Suites { get; init; } = [];

    /// <summary>Whether a client may be asked for a certificate after the handshake, by renegotiation in TLS 1.2.</summary>
    public bool Renegotiates { get; init; }
}

/// <summary>
/// A byte stream to the peer over TCP or a Unix-domain socket, with TLS or without. Sends exactly what it is given. One reader and one
/// writer at a time.
/// </summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;

    private RawConnection(Socket socket, Stream stream)
    {
        _socket = socket;
        _stream = stream;
    }

    public string LocalAddress { get; private init; } = "";

    public SslStream? Tls => _stream as SslStream;

    public Socket Socket => _socket;

    public static async Task<RawConnection> ConnectAsync(
        ConformanceTarget target, TimeSpan timeout, CancellationToken cancellation,
            TlsOffer? offer = null, bool plain = false, int? receiveBuffer = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var socket = target.UnixSocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (receiveBuffer is { } size)
                socket.ReceiveBufferSize = size;
            await (target.UnixSocketPath is { } path
                ? socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token)
                : socket.ConnectAsync(target.Host, target.Port, limit.Token)).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (target.Tls && !plain)
                stream = await AuthenticateAsync(stream, target, offer ?? new TlsOffer(), limit.Token).ConfigureAwait(false);
            return new RawConnection(socket, stream) { LocalAddress = socket.LocalEndPoint?.ToString() ?? "" };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a socket that was accepted.</summary>
    /// <param name="socket">The socket; closed when the handshake fails.</param>
    /// <param name="choice">What to choose in a TLS handshake, or null for cleartext.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RawConnection> AcceptAsync(Socket socket, TlsChoice? choice, CancellationToken cancellation)
    {
        try
        {
            socket.NoDelay = true;
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (choice is not null)
                stream = await AuthenticateAsync(stream, choice, cancellation).ConfigureAwait(false);
            return new RawConnection(socket, stream) { LocalAddress = socket.LocalEndPoint?.ToString() ?? "" };
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellation) => _stream.WriteAsync(octets, cancellation);

    /// <summary>Reads what there is, at least one octet; 0 when the peer closed its side or reset the connection.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _stream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
        }
        catch (IOException exception) when (IsReset(exception))
        {
            // Whether the kernel says FIN or RST depends on what the server had not read yet; for the protocol both end the connection.
            return 0;
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Says that no more will be sent, and goes on reading.</summary>
    public async ValueTask ShutdownSendAsync()
    {
        if (_stream is SslStream tls)
            await tls.ShutdownAsync().ConfigureAwait(false);
        else
            _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Tears the connection down with a TCP reset.</summary>
    public void Abort()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The connection is broken already, so the closing message of TLS cannot be sent.
        }
        _socket.Dispose();
    }

    private static async Task<SslStream> AuthenticateAsync(Stream stream, ConformanceTarget target,
        TlsOffer offer, CancellationToken cancellation)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = target.ServerName ?? target.Host,
            EnabledSslProtocols = offer.Protocols,
            ApplicationProtocols = offer.Alpn.Count == 0 ? null : [.. offer.Alpn.Select(name => new SslApplicationProtocol(name))],
        };
        if (target.Insecure)
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        var suites = offer.Suites.Count > 0 ? offer.Suites : [.. target.Ciphers.Select(Enum.Parse<TlsCipherSuite>)];
        if (suites.Count > 0 && !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid())
            options.CipherSuitesPolicy = new CipherSuitesPolicy(suites);
        await tls.AuthenticateAsClientAsync(options, cancellation).ConfigureAwait(false);
        if (!offer.AnyAlpn && tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
            throw new AuthenticationException("the server did not choose h2 by ALPN");
        return tls;
    }

    private static async Task<SslStream> AuthenticateAsync(Stream stream, TlsChoice choice, CancellationToken cancellation)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = choice.Certificate,
            EnabledSslProtocols = choice.Protocols,
            AllowRenegotiation = choice.Renegotiates,
            ApplicationProtocols = choice.Alpn.Count == 0 ? null : [.. choice.Alpn.Select(name => new SslApplicationProtocol(name))],
        };
        if (choice.Suites.Count > 0 && !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid())
            options.CipherSuitesPolicy = new CipherSuitesPolicy(choice.Suites);
        await tls.AuthenticateAsServerAsync(options, cancellation).ConfigureAwait(false);
        return tls;
    }

    private static bool IsReset(IOException exception) => exception.InnerException is SocketException
    {
        SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown,
    } || exception.Message.Contains("EOF", StringComparison.Ordinal) || exception.InnerException is SocketException { NativeErrorCode: 32 };
}
