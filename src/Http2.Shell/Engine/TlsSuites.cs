using System.Security.Authentication;

namespace Http2.Shell;

/// <summary>Which cipher suites HTTP/2 allows.</summary>
internal static class TlsSuites
{
    // RFC 9113 §9.2.2 and Appendix A: below TLS 1.3 only suites with ephemeral keys and authenticated encryption will do.
    public static bool IsAdequate(Http2ConnectionInfo info)
    {
        if (!info.IsTls || info.TlsProtocol == SslProtocols.Tls13)
            return true;
        var suite = $"{info.CipherSuite}";
        return (suite.StartsWith("TLS_ECDHE_", StringComparison.Ordinal) || suite.StartsWith("TLS_DHE_", StringComparison.Ordinal))
            && (suite.Contains("_GCM_", StringComparison.Ordinal) || suite.Contains("_CCM", StringComparison.Ordinal)
                || suite.Contains("_CHACHA20_", StringComparison.Ordinal));
    }
}
