namespace Http2.Conformance.Tests;

/// <summary>The beginning of TLS by a client that does one thing of it wrong.</summary>
internal static class WrongHello
{
    // TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, and RC4.
    private static readonly ushort[] Sound = [0xc02f];

    private static readonly ushort[] Weak = [0xc02f, 0x0005];

    /// <summary>Connects. With an offer that a library makes the handshake is done; the octets of others go out, and the handshake ends there.</summary>
    public static async Task SendAsync(Wrong wrong, Probe probe)
    {
        switch (wrong)
        {
            case Wrong.NoAlpn:
                await probe.Connect(new TlsOffer { Alpn = [], AnyAlpn = true });
                break;
            case Wrong.OffersH2c:
                await probe.Connect(new TlsOffer { Alpn = ["h2", "h2c"], AnyAlpn = true });
                break;
            case Wrong.OtherAlpn:
                await probe.Connect(new TlsOffer { Alpn = ["h2", "http/1.1"], AnyAlpn = true });
                break;
            default:
                await probe.Connect(plain: true);
                probe.Octets(Hello(wrong), "the first message of TLS");
                await probe.Flush();
                break;
        }
    }

    private static byte[] Hello(Wrong wrong) => wrong switch
    {
        Wrong.NoServerName => ClientHello.Of(ClientHello.Tls12, Sound, [0], "127.0.0.1"),
        Wrong.OldTls => ClientHello.Of(ClientHello.Tls11, Sound, [0], "localhost"),
        Wrong.TlsCompression => ClientHello.Of(ClientHello.Tls12, Sound, [1, 0], "localhost"),
        _ => ClientHello.Of(ClientHello.Tls12, Weak, [0], "localhost"),
    };
}
