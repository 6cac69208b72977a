using System.Net.Security;
using System.Security.Authentication;

namespace Http2.Shell;

/// <summary>
/// The callback that selects a certificate did not give one: a fault of the server's, not of the client's, although the handshake of a client
/// is where it shows.
/// </summary>
/// <param name="message">What went wrong.</param>
/// <param name="inner">What the callback threw, or null.</param>
internal sealed class CertificateSelectionException(string message, Exception? inner = null) : AuthenticationException(message, inner);

/// <summary>Tells the failures of a callback that selects certificates from those of clients.</summary>
internal static class CertificateSelection
{
    /// <summary>A callback that calls <paramref name="select"/> and fails with <see cref="CertificateSelectionException"/> only.</summary>
    public static ServerCertificateSelectionCallback? Watched(ServerCertificateSelectionCallback? select)
    {
        if (select is null)
            return null;
        return (sender, name) =>
        {
            try
            {
                return select(sender, name) ?? throw new CertificateSelectionException($"there is none for {Asked(name)}");
            }
            catch (Exception failure) when (failure is not CertificateSelectionException)
            {
                throw new CertificateSelectionException($"selecting one for {Asked(name)} failed", failure);
            }
        };
    }

    /// <summary>The failure of a callback in that of a handshake, or null when the client or the network is to blame.</summary>
    public static CertificateSelectionException? FailureIn(Exception failure) =>
        failure as CertificateSelectionException ?? failure.InnerException as CertificateSelectionException;

    private static string Asked(string? name) => string.IsNullOrEmpty(name) ? "a client that names no host" : $"'{name}'";
}
