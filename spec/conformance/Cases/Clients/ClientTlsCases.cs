using System.Net.Security;
using System.Security.Authentication;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>TLS under HTTP/2, as a client offers and takes it: RFC 9113 §3.2 and §9.2.</summary>
internal static class ClientTlsCases
{
    private const ushort CompressionLess = 0;
    private const ushort Tls12 = 0x0303;

    /// <summary>Signals that are no cipher suites: renegotiation info and fallback (RFC 5746, RFC 7507).</summary>
    private static readonly ushort[] Signals = [0x00ff, 0x5600];

    /// <summary>NULL, export, RC4 and DES suites, which have no place in any offer today.</summary>
    private static readonly ushort[] Weak = [0x0001, 0x0002, 0x003b, 0x0003, 0x0006, 0x0008, 0x0014, 0x0004, 0x0005, 0xc011, 0xc007, 0x0009, 0x0018, 0x0034];

    public static IEnumerable<ConformanceCase> Cases => [.. Alpn, .. Versions, .. Features, .. Suites];

    private static ClientCaseList Alpn => new ClientCaseList("client-tls", "3.2", "RFC 9113 §3.2")
        .Must("h2 by ALPN", "The client offers h2 by ALPN.", s => Offer(s, "h2 among the protocols", hello => hello.Alpn.Contains("h2")))
        .Must("never h2c", "h2c names the cleartext protocol and is not offered by ALPN.", s => Offer(s, "no h2c", hello => !hello.Alpn.Contains("h2c")))
        .Must("the preface when h2 is chosen", "Once h2 is chosen the client begins with the preface of HTTP/2.", async s =>
        {
            OverTls(s);
            await ServedExchange.Ordinary(s);
        })
        .Must("no HTTP/2 when nothing is chosen", "A client whose ALPN is not answered does not speak HTTP/2.", s => NotHttp2(s, []))
        .Must("no HTTP/2 when http/1.1 is chosen", "A client that is told http/1.1 does not speak HTTP/2.", s => NotHttp2(s, ["http/1.1"]));

    private static ClientCaseList Versions => new ClientCaseList("client-tls", "9.2", "RFC 9113 §9.2")
        .Must("TLS 1.2 or later offered", "The client offers TLS 1.2 or later.", s => Offer(s, "TLS 1.2 or later", hello => hello.Version >= Tls12))
        .Must("TLS 1.2", "TLS 1.2 is taken.", s => Served(s, new TlsChoice(ServerCertificate.Instance) { Protocols = SslProtocols.Tls12 }))
        .Should("TLS 1.3", "TLS 1.3 is taken.", s => Served(s, new TlsChoice(ServerCertificate.Instance) { Protocols = SslProtocols.Tls13 }))
        .Must("the server's name", "The client names the host that it wants (RFC 6066 §3).",
            s => Offer(s, $"the server name {s.Run.Client.Host}", hello => hello.ServerName == s.Run.Client.Host));

    private static ClientCaseList Features => new ClientCaseList("client-tls", "9.2.1", "RFC 9113 §9.2.1")
        .Must("no compression", "The client offers no compression of TLS.", s => Offer(
            s, "compression method 0 alone", hello => hello.Compression.All(method => method == CompressionLess)))
        .Must("renegotiation", "Over TLS 1.2 renegotiation is a connection error PROTOCOL_ERROR.", async s =>
        {
            OverTls(s);
            await s.Accept(new TlsChoice(ServerCertificate.Instance) { Protocols = SslProtocols.Tls12, Renegotiates = true });
            await s.Requested();
            s.Head();
            await s.ExpectTolerated();
            if (await Renegotiates(s))
                throw Speaker.Fail("a connection error", "the client renegotiates");
            await s.ExpectRefused();
        });

    private static ClientCaseList Suites => new ClientCaseList("client-tls", "9.2.2", "RFC 9113 §9.2.2")
        .Must("the mandatory suite", "Over TLS 1.2 the client takes ECDHE with AES-128-GCM and SHA-256.", s => Served(s, new TlsChoice(ServerCertificate.Instance)
        {
            Protocols = SslProtocols.Tls12,
            Suites = [TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256],
        }))
        .Should("no weak suites", "The client offers no suites without encryption, for export, or with RC4 or DES.", s => Offer(
            s, "no weak suites", hello => !hello.Suites.Except(Signals).Intersect(Weak).Any()));

    private static void OverTls(ServerEnd s)
    {
        if (!s.Run.Client.Tls)
            throw Speaker.Skip("only over TLS");
    }

    /// <summary>What the client offers has a property. The handshake goes no further.</summary>
    private static async Task Offer(ServerEnd s, string expected, Func<ReceivedHello, bool> holds)
    {
        OverTls(s);
        if (!await s.TryAccept(null))
            throw Speaker.Fail("a connection", "none");
        var header = await s.ReadPreface(5);
        if (ReceivedHello.LengthOf(header) is not { } length)
            throw Speaker.Fail("the handshake of TLS", header.Length == 0 ? "nothing" : Convert.ToHexStringLower(header));
        byte[] record = [.. header, .. await s.ReadPreface(length - header.Length)];
        if (ReceivedHello.Parse(record) is not { } hello)
            throw Speaker.Fail("the first message of TLS", Convert.ToHexStringLower(record.AsSpan(0, Math.Min(64, record.Length))));
        if (!holds(hello))
        {
            throw Speaker.Fail(expected, $"version 0x{hello.Version:x4}, protocols {string.Join(", ", hello.Alpn)}, server name {hello.ServerName ?? "none"}, "
                + $"cipher suites {string.Join(", ", hello.Suites.Select(suite => $"0x{suite:x4}"))}");
        }
    }

    private static async Task Served(ServerEnd s, TlsChoice choice)
    {
        OverTls(s);
        await s.Accept(choice);
        await s.Requested();
        s.Answer(s.StreamId);
        await s.ExpectServed();
    }

    private static async Task NotHttp2(ServerEnd s, string[] alpn)
    {
        OverTls(s);
        try
        {
            await s.Accept(new TlsChoice(ServerCertificate.Instance) { Alpn = alpn });
        }
        catch (CaseFailedException) when (alpn.Length > 0)
        {
            // A handshake that the client, or the platform for it, gives up is one way not to speak HTTP/2.
            return;
        }
        var octets = await s.ReadPreface(Octet.Magic.Length);
        if (octets.Length > 3 && Octet.Magic.StartsWith(octets))
            throw Speaker.Fail("no HTTP/2", "the preface of HTTP/2");
    }

    private static async Task<bool> Renegotiates(ServerEnd s)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(s.Cancellation);
        limit.CancelAfter(s.Timeout);
        try
        {
            await RenegotiateAsync(s.Connection.Tls!, limit.Token);
            return true;
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException or InvalidOperationException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!s.Cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    // The condition names each platform that can; the analyser does not see through more than one.
#pragma warning disable CA1416
    private static Task RenegotiateAsync(SslStream tls, CancellationToken cancellation) =>
        OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsFreeBSD()
            ? tls.NegotiateClientCertificateAsync(cancellation)
            : throw Speaker.Skip("only over TLS with a platform that can renegotiate");
#pragma warning restore CA1416
}
