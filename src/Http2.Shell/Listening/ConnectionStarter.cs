using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Brings an accepted socket to the point where HTTP/2 is spoken on it: TLS, or a look at the first octets.</summary>
internal sealed class ConnectionStarter(ServerHost host)
{
    /// <summary>Serves a connection whose place is reserved.</summary>
    public void Start(ITransport transport, EndPoint? local, EndPoint? remote, Http2Tls? tls) =>
        _ = tls is null ? OpenReservedAsync(transport, local, remote, OriginCheck.Cleartext) : OpenTlsAsync(transport, local, remote, tls);

    /// <summary>Serves cleartext on any transport; completes when the connection has ended.</summary>
    public Task ServeAsync(ITransport transport, EndPoint? local, EndPoint? remote)
    {
        if (host.IsStopping || !host.Connections.TryReserve(host.MaxConnections))
        {
            transport.Close();
            throw new InvalidOperationException(host.IsStopping
                ? "The server takes no more connections: it is stopping."
                : $"The server takes no more connections: {host.Options.MaxConnections} are open already ({nameof(host.Options.MaxConnections)}).");
        }
        return UntilEnd();

        async Task UntilEnd()
        {
            // What the client has sent already may call a handler, which may block, and the caller must not be caught in it.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            // Whoever hands a connection in knows what it is for; there may be TLS beneath.
            if (await OpenReservedAsync(transport, local, remote, origins: null).ConfigureAwait(false) is { } connection)
                await connection.End.Ended.ConfigureAwait(false);
        }
    }

    // Finds out what the client speaks, and returns the started connection, or null when the transport was closed. The end of the connection is
    // not awaited here: that would cost each connection a work item of the thread pool, and keep in memory what opened it as long as it lives.
    private async Task<Http2Connection?> OpenReservedAsync(ITransport transport, EndPoint? local, EndPoint? remote, OriginCheck? origins)
    {
        ProtocolDetection detected;
        var content = 0;
        try
        {
            using var watch = new HandshakeWatch(host, transport, tls: null);
            detected = await ProtocolDetection.ReadAsync(transport).ConfigureAwait(false);
            if (detected.Kind == SpokenProtocol.Http1)
                (detected, content) = await UpgradeAsync(transport, remote, detected, mayUpgrade: origins is not null).ConfigureAwait(false);
            if (detected.Kind != SpokenProtocol.Http1 && !watch.TryOpen())
            {
                // The client was told to go; the watch closes the transport, which ends this.
                await Parting.ReadOnAsync(transport, CancellationToken.None).ConfigureAwait(false);
                detected = default;
            }
        }
        catch (Exception failure)
        {
            ServerLog.HandshakeFailed(host.Logger, remote, failure);
            detected = default;
        }
        if (detected.Kind != SpokenProtocol.Http2)
        {
            GiveUp(transport);
            return null;
        }
        var info = new Http2ConnectionInfo(host.Engine.NextConnectionId(), local, remote);
        return Begin(transport, info, origins, detected.Octets, content);
    }

    // From HTTP/1.1 to HTTP/2 where the client asks for that; else it gets an answer. RFC 7540 §3.2: over TLS nobody upgrades, and there may be TLS
    // beneath a transport that was handed in.
    private async ValueTask<(ProtocolDetection Detected, int Content)> UpgradeAsync(
        ITransport transport, EndPoint? remote, ProtocolDetection detected, bool mayUpgrade)
    {
        var answer = Http1Answer.UpgradeRequired(host.Options.UpgradeRequiredText);
        if (mayUpgrade)
        {
            var (input, content, refusal) = await new Upgrading(transport, host).RunAsync(detected.Octets).ConfigureAwait(false);
            if (refusal is null)
                return (new(SpokenProtocol.Http2, input), content);
            answer = refusal;
        }
        ServerLog.SpeaksHttp1(host.Logger, remote);
        await answer.SendAsync(transport, host, detected.Octets, host.Drain.Cutting).ConfigureAwait(false);
        return (detected, 0);
    }

    private async Task<Http2Connection?> OpenTlsAsync(ITransport carrier, EndPoint? local, EndPoint? remote, Http2Tls tls)
    {
        var inner = new TransportStream(carrier, host.Clock);
        var stream = new SslStream(inner);
        try
        {
            using var watch = new HandshakeWatch(host, carrier, inner);
            await stream.AuthenticateAsServerAsync(tls.Options, CancellationToken.None).ConfigureAwait(false);
            watch.TryOpen();
        }
        catch (Exception failure)
        {
            if (CertificateSelection.FailureIn(failure) is { } selection)
                ServerLog.NoCertificate(host, selection);
            else
                ServerLog.HandshakeFailed(host.Logger, remote, failure);
            if (inner.Foreign is { } octets)
                await DeclineAsync(carrier, Http1Answer.WithoutTls, octets).ConfigureAwait(false);
            await GiveUpAsync(stream).ConfigureAwait(false);
            return null;
        }
        // RFC 9113 §3.2: over TLS, HTTP/2 is agreed on by ALPN or not spoken. A client that offered only other protocols got an alert
        // (RFC 7301 §3.2).
        if (stream.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
        {
            ServerLog.NoAlpn(host.Logger, remote);
            await DeclineAsync(new TlsTransport(stream, inner), Http1Answer.WithoutAlpn).ConfigureAwait(false);
            await GiveUpAsync(stream).ConfigureAwait(false);
            return null;
        }
        var info = FactsOf(stream, local, remote);
        inner.Meter.Start(
            host.Options.EmptyTlsRecordLimit, stream.SslProtocol, stream.NegotiatedCipherSuite, host.Clock.At(host.Clock.Timestamp));
        var origins = OriginCheck.OverTls(stream.LocalCertificate!, info.ServerName, info.ClientCertificate is not null);
        return Begin(new TlsTransport(stream, inner), info, origins, default);
    }

    // Parts from a client that cannot be served, in words when it speaks HTTP/1.x.
    private async Task DeclineAsync(ITransport transport, Http1Answer answer, ReadOnlyMemory<byte> alreadyRead = default)
    {
        try
        {
            using var late = new HandshakeDeadline(transport, host.Options);
            await using var close = host.Drain.Cutting.UnsafeRegister(static t => ((ITransport)t!).Close(), transport).ConfigureAwait(false);
            var detected = await ProtocolDetection.ReadAsync(transport, alreadyRead).ConfigureAwait(false);
            if (detected.Kind == SpokenProtocol.Http1)
                await answer.SendAsync(transport, host, detected.Octets, host.Drain.Cutting).ConfigureAwait(false);
            else
                await Parting.TakeAsync(transport, host.Options, host.Drain.Cutting).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It has gone, or takes too long; that it was not served was logged.
        }
    }

    private void GiveUp(ITransport transport)
    {
        try
        {
            transport.Close();
        }
        catch (Exception failure)
        {
            ServerLog.HandshakeFailed(host.Logger, null, failure);
        }
        finally
        {
            host.Connections.Release();
        }
    }

    private async Task GiveUpAsync(SslStream stream)
    {
        try
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ServerLog.HandshakeFailed(host.Logger, null, failure);
        }
        finally
        {
            host.Connections.Release();
        }
    }

    private Http2ConnectionInfo FactsOf(SslStream stream, EndPoint? local, EndPoint? remote) => new(host.Engine.NextConnectionId(), local, remote)
    {
        TlsProtocol = stream.SslProtocol,
        CipherSuite = stream.NegotiatedCipherSuite,
        ServerName = stream.TargetHostName is { Length: > 0 } name ? name : null,
        ClientCertificate = stream.RemoteCertificate switch
        {
            null => null,
            X509Certificate2 certificate => certificate,
            var other => new X509Certificate2(other),
        },
    };

    private Http2Connection Begin(
        ITransport transport, Http2ConnectionInfo info, OriginCheck? origins, ReadOnlyMemory<byte> alreadyRead, int upgradedContent = 0)
    {
        var connection = new Http2Connection(host.Engine, transport, info);
        // Before any handler is called.
        if (!TlsSuites.IsAdequate(info))
            connection.Stop.AtStart(ErrorCode.InadequateSecurity);
        connection.Start(new ServingRole(connection, host, origins) { UpgradedContent = upgradedContent }, alreadyRead.Span);
        // The server may have begun to stop since the socket was accepted, and not have seen this connection.
        if (host.IsStopping)
            connection.Stop.Gracefully();
        if (host.Drain.Cutting.IsCancellationRequested)
            connection.Stop.AtOnce();
        return connection;
    }
}
