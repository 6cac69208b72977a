using System.Security.Authentication;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Judges the options of a client when they are first used, so that a bad one shows there and not at the first request.</summary>
internal static class ClientOptionRules
{
    public static void Judge(Http2ClientOptions options)
    {
        OptionRange.Range(options.MaxInformationalResponses, 0, int.MaxValue, nameof(options.MaxInformationalResponses));
        OptionRange.Range(options.MaxUnsentPerStream, 4096, int.MaxValue, nameof(options.MaxUnsentPerStream));
        OptionRange.Range(options.MaxBodyBuffersPerConnection, 8192, int.MaxValue, nameof(options.MaxBodyBuffersPerConnection));
        OptionRange.Range(options.MaxUnsentPerConnection, 16384, int.MaxValue, nameof(options.MaxUnsentPerConnection));
        OptionRange.Range(options.MaxExaminedPerRequest, 16384, int.MaxValue, nameof(options.MaxExaminedPerRequest));
        OptionRange.Range(options.MaxExaminedPerConnection, 16384, int.MaxValue, nameof(options.MaxExaminedPerConnection));
        OptionRange.Range(options.MaxMemory ?? long.MaxValue, 1024 * 1024, long.MaxValue, nameof(options.MaxMemory));
        OptionRange.Rate(options.EmptyTlsRecordLimit, burst: 1, perSecond: 0, nameof(options.EmptyTlsRecordLimit));
        OptionRange.Time(options.ConnectTimeout, nameof(options.ConnectTimeout));
        if (options.ResponseTimeout != Timeout.InfiniteTimeSpan)
            OptionRange.Time(options.ResponseTimeout, nameof(options.ResponseTimeout));
        OptionRange.Time(options.ExpectContinueTimeout, nameof(options.ExpectContinueTimeout));
        OptionRange.Time(options.SendTimeout, nameof(options.SendTimeout));
        OptionRange.Time(options.LingerTimeout, nameof(options.LingerTimeout));
        Pace(options.ResponseBodyPace, nameof(options.ResponseBodyPace));
        Pace(options.RequestBodyPace, nameof(options.RequestBodyPace));
        if (options.Connection.FindFault() is { } fault)
            throw new ArgumentException(fault);
        if (options.UnixSocketPath is { } path && (path.Length == 0 || path.IndexOf('\0', 1) >= 0 || path == "\0"))
            throw new ArgumentException($"The option {nameof(options.UnixSocketPath)} is '{path.Replace('\0', '@')}'; give a path, or null for TCP.");
        if (options.Tls is { } tls && tls.EnabledSslProtocols != SslProtocols.None
            && (tls.EnabledSslProtocols & (SslProtocols.Tls12 | SslProtocols.Tls13)) == 0)
        {
            throw new ArgumentException($"The option {nameof(options.Tls)} allows no TLS 1.2 or later, which HTTP/2 needs (RFC 9113 §9.2).");
        }
    }

    private static void Pace(PaceLimit? limit, string option)
    {
        if (limit is not { } pace)
            return;
        OptionRange.Range(pace.Rate, 0, int.MaxValue, $"{option}.{nameof(pace.Rate)}");
        OptionRange.Time(pace.Period, $"{option}.{nameof(pace.Period)}");
    }
}
