using System.Net.Security;
using System.Security.Authentication;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>TLS under HTTP/2: RFC 9113 §3.2 and §9.2.</summary>
internal static class TlsCases
{
    private const string Refused = "A handshake that offers nothing better is refused.";

    // TLS_ECDHE_RSA/ECDSA_WITH_AES_128_GCM_SHA256, which every deployment over TLS 1.2 has (§9.2.2).
    private static readonly ushort[] Mandatory = [0xc02f, 0xc02b];

    private static readonly (string Title, ushort[] Suites)[] Weak =
    [
        ("NULL encryption", [0x0001, 0x0002, 0x003b, 0xc010, 0xc006]), ("export ciphers", [0x0003, 0x0006, 0x0008, 0x0014]),
        ("RC4", [0x0004, 0x0005, 0xc011, 0xc007]), ("triple DES", [0x000a, 0xc012, 0xc008]),
            ("anonymous key exchange", [0x0018, 0x0034, 0xc018, 0x00a6]),
    ];

    public static IEnumerable<ConformanceCase> Cases => [.. Alpn, .. Versions, .. Suites, .. Wrong];

    private static CaseList Alpn => new CaseList("tls", "3.2", "RFC 9113 §3.2")
        .Must("h2 by ALPN", "The server chooses h2 when it is offered.", async p =>
        {
            OverTls(p);
            await p.Handshake();
            if (p.Connection.Tls!.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
                throw Probe.Fail("h2", p.Connection.Tls.NegotiatedApplicationProtocol.ToString());
        })
        .Must("h2 among others", "The server finds h2 among other protocols.", async p =>
        {
            OverTls(p);
            await p.Connect(new TlsOffer { Alpn = ["spdy/3", "x-unknown", "h2"] });
            await p.Handshake();
            await p.ExpectRequestAnswered(1);
        })
        .Must("no ALPN", "HTTP/2 over TLS is agreed on by ALPN: without it the server does not speak it.", p => NotHttp2(p, []))
        .Must("ALPN without h2", "A server that is not offered h2 does not speak it.", p => NotHttp2(p, ["x-unknown"]))
        .Must("ALPN with h2c", "h2c names the cleartext protocol and is never chosen.", p => NotHttp2(p, ["h2c"]))
        .Must("ALPN with http/1.1 alone", "A server that is offered http/1.1 alone does not speak HTTP/2.", p => NotHttp2(p, ["http/1.1"]));

    private static CaseList Versions => new CaseList("tls", "9.2", "RFC 9113 §9.2")
        .Must("TLS 1.2", "TLS 1.2 is taken.", p => Version(p, SslProtocols.Tls12))
        .Should("TLS 1.3", "TLS 1.3 is taken.", p => Version(p, SslProtocols.Tls13))
        .Must("TLS 1.1", Refused, p => RefusesVersion(p, ClientHello.Tls11))
        .Must("TLS 1.0", Refused, p => RefusesVersion(p, ClientHello.Tls10))
        .Must("SSL 3.0", Refused, p => RefusesVersion(p, ClientHello.Ssl30))
        .Must("no TLS compression", "The server does not choose compression.", async p =>
        {
            var hello = await Hello(p, ClientHello.Tls12, Mandatory, [1, 0]);
            if (hello.Version is not null && hello.Compression != 0)
                throw Probe.Fail("compression method 0", hello.ToString());
        })
        .Must("renegotiation", "TLS renegotiation is refused.", Renegotiation);

    private static CaseList Suites => new CaseList("tls", "9.2.2", "RFC 9113 §9.2.2")
        .Must("the mandatory suite", "Over TLS 1.2 the server takes ECDHE with AES-128-GCM and SHA-256.", async p =>
        {
            var hello = await Hello(p, ClientHello.Tls12, Mandatory, [0]);
            if (hello.Version != ClientHello.Tls12 || !Mandatory.Contains(hello.Suite))
                throw Probe.Fail("ServerHello with TLS_ECDHE_..._WITH_AES_128_GCM_SHA256", hello.ToString());
        })
        .MustForEach(Weak, row => row.Title, _ => Refused, async (p, row) =>
        {
            var hello = await Hello(p, ClientHello.Tls12, row.Suites, [0]);
            if (hello.Version is not null)
                throw Probe.Fail("an alert", hello.ToString());
        })
        .Should("CBC suites alone", "Suites of the black list are refused, or answered with INADEQUATE_SECURITY.", async p =>
        {
            OverTls(p);
            try
            {
                await p.Connect(new TlsOffer
                {
                    Protocols = SslProtocols.Tls12,
                    Suites = [TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA],
                });
            }
            catch (Exception exception) when (exception is AuthenticationException or IOException)
            {
                return;
            }
            p.Magic();
            p.Settings();
            await p.ExpectGoAway(ErrorCode.InadequateSecurity);
        })
        .Should("better suites first", "Offered CBC and GCM, the server takes GCM.", async p =>
        {
            var hello = await Hello(p, ClientHello.Tls12, [0xc013, 0xc014, 0xc009, 0xc02f, 0xc02b], [0]);
            if (!Mandatory.Contains(hello.Suite))
                throw Probe.Fail("ServerHello with AES-128-GCM", hello.ToString());
        });

    private static CaseList Wrong => new CaseList("tls", "3.3", "RFC 9113 §3.3")
        .Must("cleartext on a TLS port", "A cleartext preface on a TLS port gets no HTTP/2.", async p =>
        {
            OverTls(p);
            await p.Connect(plain: true);
            p.Magic();
            p.Settings();
            await Silent(p);
        })
        .Must("garbage on a TLS port", "Octets that are no TLS end the connection.", async p =>
        {
            OverTls(p);
            await p.Connect(plain: true);
            p.Octets(Octet.Fill(100, 0x5a), "garbage");
            await Silent(p);
        })
        .Must("TLS on a cleartext port", "A ClientHello on a cleartext port ends the connection.", async p =>
        {
            if (p.Target.Tls)
                throw Probe.Skip("only over cleartext");
            p.Octets(ClientHello.Of(ClientHello.Tls12, Mandatory, [0], "localhost"), "a ClientHello");
            await p.ExpectConnectionError(ErrorCode.ProtocolError);
        })
        .Must("HTTP/1.1 request", "An HTTP/1.1 request on an HTTP/2 connection ends it, with words of HTTP/1.1 or without.", async p =>
        {
            p.Octets("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8, "an HTTP/1.1 request");
            await p.ExpectConnectionError(ErrorCode.ProtocolError, ErrorCode.Http11Required);
        });

    private static void OverTls(Probe p)
    {
        if (!p.Target.Tls)
            throw Probe.Skip("only over TLS");
    }

    private static async Task Version(Probe p, SslProtocols version)
    {
        OverTls(p);
        try
        {
            await p.Connect(new TlsOffer { Protocols = version });
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            throw Probe.Fail("a handshake", exception.InnerException?.Message ?? exception.Message);
        }
        await p.Handshake();
        await p.ExpectRequestAnswered(1);
    }

    private static async Task NotHttp2(Probe p, string[] alpn)
    {
        OverTls(p);
        try
        {
            await p.Connect(new TlsOffer { Alpn = alpn, AnyAlpn = true });
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return;
        }
        p.Magic();
        p.Settings();
        await Silent(p);
    }

    /// <summary>The server may send anything but a SETTINGS frame.</summary>
    private static async Task Silent(Probe p)
    {
        while (true)
        {
            var (outcome, frame) = await p.Next(TimeSpan.FromSeconds(1));
            if (outcome != ReadOutcome.Frame)
                return;
            if (frame.Type == FrameType.Settings && frame.StreamId == 0 && frame.Length % 6 == 0)
                throw Probe.Fail("no HTTP/2", FrameLine.Of(frame));
        }
    }

    private static async Task RefusesVersion(Probe p, ushort version)
    {
        var hello = await Hello(p, version, [0xc013, 0xc014, 0x002f, 0x0035, 0xc009, 0xc00a], [0]);
        if (hello.Version is not null)
            throw Probe.Fail("an alert", hello.ToString());
    }

    private static async Task<ServerHello> Hello(Probe p, ushort version, ushort[] suites, byte[] compression)
    {
        OverTls(p);
        await p.Connect(plain: true);
        p.Octets(ClientHello.Of(version, suites, compression, p.Target.ServerName ?? p.Target.Host), "a ClientHello");
        await p.Flush();
        return ServerHello.Parse(await p.ReadOctets(5 + 64, TimeSpan.FromSeconds(1)));
    }

    /// <summary>.NET's TLS cannot ask for renegotiation; OpenSSL's client can.</summary>
    private static async Task Renegotiation(Probe p)
    {
        OverTls(p);
        using var openssl = OpenSslClient.Start(p, "-tls1_2", "-legacy_renegotiation");
        var output = openssl.StandardOutput.ReadToEndAsync(p.Cancellation);
        var errors = openssl.StandardError.ReadToEndAsync(p.Cancellation);
        await openssl.StandardInput.WriteAsync("R\n");
        await openssl.StandardInput.FlushAsync(p.Cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(p.Cancellation);
        limit.CancelAfter(p.Timeout == default ? p.Options.Timeout : p.Timeout);
        try
        {
            await openssl.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!p.Cancellation.IsCancellationRequested)
        {
            openssl.Kill();
        }
        var said = await output + await errors;
        var at = said.IndexOf("RENEGOTIATING", StringComparison.Ordinal);
        if (at < 0)
            throw Probe.Skip("openssl s_client came to no renegotiation");
        if (said.IndexOf("verify return", at, StringComparison.Ordinal) > 0 || said.IndexOf("depth=", at, StringComparison.Ordinal) > 0)
            throw Probe.Fail("an alert", "the server took part in the renegotiation");
    }
}
