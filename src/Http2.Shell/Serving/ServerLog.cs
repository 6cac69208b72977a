using System.Net;
using Http2.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>What servers log, with stable event ids; what their connections log is in <see cref="Log"/>.</summary>
internal static partial class ServerLog
{
    private const int AcceptFailedEvent = 3, TooManyConnectionsEvent = 4, NoCertificateEvent = 7, NoThreadEvent = 9, NoMemoryEvent = 51;

    public static void AcceptFailed(ServerHost host, string reason) =>
        host.Seldom.Write(AcceptFailedEvent, more => Elsewhere(host, () => AcceptFailed(host.Logger, reason, more)));

    public static void TooManyConnections(ServerHost host, EndPoint? remote) =>
        host.Repeated.Write(
            TooManyConnectionsEvent, more => Elsewhere(host, () => TooManyConnections(host.Logger, remote, host.MaxConnections, more)));

    public static void NoMemoryForConnections(ServerHost host) =>
        host.Repeated.Write(
            NoMemoryEvent, more => Elsewhere(host, () => NoMemoryForConnections(host.Logger, host.Engine.Memory.Held, host.Engine.Memory.Limit, more)));

    public static void NoThreadForRequests(ServerHost host) =>
        host.Repeated.Write(NoThreadEvent, more => NoThreadForRequests(host.Logger, more));

    // A logger is the user's, and may block: not on the thread that accepts.
    private static void Elsewhere(ServerHost host, Action log) => host.Engine.Scheduler.Schedule(new LogWork(log));

    [LoggerMessage(1, LogLevel.Information, "listening on {Uri}")]
    public static partial void Listening(ILogger logger, Uri uri);

    [LoggerMessage(2, LogLevel.Information, "stopping: {Connections} connections open")]
    public static partial void Stopping(ILogger logger, int connections);

    public static void NoCertificate(ServerHost host, Exception failure) =>
        host.Repeated.Write(NoCertificateEvent, more => NoCertificate(host.Logger, failure.Message, more, failure.InnerException));

    [LoggerMessage(AcceptFailedEvent, LogLevel.Warning, "cannot accept connections: {Reason}; trying again{More}")]
    private static partial void AcceptFailed(ILogger logger, string reason, string more);

    [LoggerMessage(TooManyConnectionsEvent, LogLevel.Warning, "a connection from {Remote} was closed: {Limit} are open already{More}")]
    private static partial void TooManyConnections(ILogger logger, EndPoint? remote, int limit, string more);

    [LoggerMessage(5, LogLevel.Warning, "{Cut} connections were cut: they had not finished in time")]
    public static partial void Cut(ILogger logger, int cut);

    [LoggerMessage(8, LogLevel.Critical, "an event loop: internal error")]
    public static partial void LoopFault(ILogger logger, Exception failure);

    [LoggerMessage(
        NoThreadEvent, LogLevel.Warning,
        "handlers hold all threads of the event loops, and no more can be had: requests are answered with 503 until one ends{More}")]
    private static partial void NoThreadForRequests(ILogger logger, string more);

    [LoggerMessage(6, LogLevel.Warning, "{Certificate} {Problem}; clients will refuse it")]
    public static partial void CertificateDates(ILogger logger, string certificate, string problem);

    [LoggerMessage(NoCertificateEvent, LogLevel.Warning, "a TLS handshake failed for want of a certificate: {Why}{More}")]
    private static partial void NoCertificate(ILogger logger, string why, string more, Exception? failure);

    [LoggerMessage(
        NoMemoryEvent, LogLevel.Warning, "memory is spent: connections hold {Held} of {Limit} octets; a new one was closed at once{More}")]
    private static partial void NoMemoryForConnections(ILogger logger, long held, long limit, string more);

    [LoggerMessage(17, LogLevel.Debug, "a connection from {Remote}: the TLS handshake failed")]
    public static partial void HandshakeFailed(ILogger logger, EndPoint? remote, Exception failure);

    [LoggerMessage(18, LogLevel.Information,
        "a connection from {Remote} was not served: the client does not offer h2 in the TLS handshake (ALPN)")]
    public static partial void NoAlpn(ILogger logger, EndPoint? remote);

    [LoggerMessage(19, LogLevel.Information, "a connection from {Remote} was answered with 426: it speaks HTTP/1.x")]
    public static partial void SpeaksHttp1(ILogger logger, EndPoint? remote);

    [LoggerMessage(20, LogLevel.Error, "connection {Id} stream {Stream}: {Where} of the handler failed")]
    public static partial void HandlerFailed(ILogger logger, long id, StreamId stream, string where, Exception failure);

    [LoggerMessage(22, LogLevel.Error, "connection {Id} stream {Stream}: the response was refused: {Refusal}")]
    public static partial void ResponseRefused(ILogger logger, long id, StreamId stream, string refusal);

    [LoggerMessage(26, LogLevel.Information, "connection {Id} stream {Stream}: the body is larger than the {Limit} octets that it may have")]
    public static partial void BodyTooLarge(ILogger logger, long id, StreamId stream, long limit);

    [LoggerMessage(40, LogLevel.Information,
        "connection {Id} stream {Stream}: answered with 421: the request's scheme or host is not one that the connection is for; if a "
        + "gateway that is trusted forwards requests to this server, set TrustGateway")]
    public static partial void Misdirected(ILogger logger, long id, StreamId stream);

    [LoggerMessage(62, LogLevel.Error, "connection {Id} stream {Stream}: the response for a failed handler could not be made; the default is sent")]
    public static partial void FailureResponseFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(64, LogLevel.Error, "the TimeProvider of the options failed; the system's clock takes its place where it does")]
    public static partial void TimeFailed(ILogger logger, Exception failure);

    private sealed class LogWork(Action log) : IThreadPoolWorkItem
    {
        public void Execute() => log();
    }
}
