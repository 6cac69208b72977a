using System.Diagnostics;

namespace Http2.Conformance;

/// <summary>
/// OpenSSL's command-line client, for what .NET's TLS does not offer. A letter at the beginning of a block of its input is a command.
/// </summary>
internal static class OpenSslClient
{
    /// <summary>Connects to the target; the case is skipped where OpenSSL is not installed.</summary>
    public static Process Start(Probe p, params IEnumerable<string> options)
    {
        if (p.Target.UnixSocketPath is not null)
            throw Probe.Skip("only over TCP");
        var start = new ProcessStartInfo("openssl", ["s_client", "-connect", $"{p.Target.Host}:{p.Target.Port}", "-alpn", "h2", .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start) ?? throw Probe.Skip("only over TLS with openssl installed");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw Probe.Skip("only over TLS with openssl installed");
        }
    }
}
