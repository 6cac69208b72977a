using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Tool;

/// <summary>Certificates from PEM files, with an error message for each fault, which says what to do.</summary>
internal static class CertificateFiles
{
    /// <summary>Loads a certificate, its chain and its key.</summary>
    /// <param name="certPath">PEM: the server's certificate first, then the intermediates if any.</param>
    /// <param name="keyPath">PEM: an unencrypted private key; may be the same file.</param>
    /// <exception cref="UserErrorException">
    /// A file is absent, unreadable or not what it should be, or the two do not belong together.
    /// </exception>
    public static SslStreamCertificateContext Load(string certPath, string keyPath)
    {
        var certPem = Read("--cert", certPath);
        var keyPem = Read("--key", keyPath);
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(certPem);
        }
        catch (CryptographicException error)
        {
            throw new UserErrorException(
                $"--cert '{certPath}' holds a certificate that cannot be read ({error.Message}); give an intact PEM file");
        }
        if (chain.Count == 0)
            throw new UserErrorException($"--cert '{certPath}' holds no certificate; give a PEM file with -----BEGIN CERTIFICATE-----");
        var certificate = ForTls(Pair(certPem, keyPem, certPath, keyPath));
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <summary>The same certificate with its key where SslStream finds it: Windows cannot use a key that lives in memory only.</summary>
    public static X509Certificate2 ForTls(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static string Read(string option, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{option} '{path}' does not exist; give the path of a PEM file");
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException or ArgumentException)
        {
            throw new UserErrorException($"{option} '{path}' cannot be read; give a readable PEM file ({error.Message.TrimEnd('.')})");
        }
    }

    private static X509Certificate2 Pair(string certPem, string keyPem, string certPath, string keyPath)
    {
        if (keyPem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
            || keyPem.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
            throw new UserErrorException($"--key '{keyPath}' is encrypted; decrypt it first (openssl pkey -in KEY -out PLAIN)");
        if (!keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw new UserErrorException($"--key '{keyPath}' holds no private key; give a PEM file with -----BEGIN PRIVATE KEY-----");
        try
        {
            return X509Certificate2.CreateFromPem(certPem, keyPem);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // The library says the same of a broken key and of another certificate's key; only the first fails on its own.
            throw new UserErrorException(IsReadableKey(keyPem)
                ? $"--key '{keyPath}' does not belong to --cert '{certPath}'; give the key that the certificate was made with"
                : $"--key '{keyPath}' holds a private key that cannot be read; give an intact PEM file");
        }
    }

    private static bool IsReadableKey(string keyPem) =>
        Imports(RSA.Create(), keyPem) || Imports(ECDsa.Create(), keyPem);

    private static bool Imports(AsymmetricAlgorithm algorithm, string keyPem)
    {
        using (algorithm)
        {
            try
            {
                algorithm.ImportFromPem(keyPem);
                return true;
            }
            catch (Exception error) when (error is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }
}
