using System.Text;

namespace Http2.Shell;

/// <summary>Strings for values that nearly every request has, so that they need not be made each time.</summary>
internal static class WellKnownText
{
    public static string Method(ReadOnlySpan<byte> octets) => octets switch
    {
        _ when octets.SequenceEqual("GET"u8) => "GET",
        _ when octets.SequenceEqual("POST"u8) => "POST",
        _ when octets.SequenceEqual("HEAD"u8) => "HEAD",
        _ when octets.SequenceEqual("PUT"u8) => "PUT",
        _ when octets.SequenceEqual("DELETE"u8) => "DELETE",
        _ when octets.SequenceEqual("OPTIONS"u8) => "OPTIONS",
        _ => Encoding.UTF8.GetString(octets),
    };

    public static string Scheme(ReadOnlySpan<byte> octets) =>
        octets.SequenceEqual("https"u8) ? "https" : octets.SequenceEqual("http"u8) ? "http" : Encoding.UTF8.GetString(octets);
}
