using System.Net;
using Http2.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>What the server logs, with stable event ids.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "listening on {Uri}")]
    public static partial void Listening(ILogger logger, Uri uri);

    [LoggerMessage(2, LogLevel.Information, "stopping: {Connections} connections open")]
    public static partial void Stopping(ILogger logger, int connections);

    [LoggerMessage(3, LogLevel.Warning, "cannot accept a connection; trying again")]
    public static partial void AcceptFailed(ILogger logger, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "a connection from {Remote} was closed: {Limit} are open already")]
    public static partial void TooManyConnections(ILogger logger, EndPoint? remote, int limit);

    [LoggerMessage(5, LogLevel.Warning, "{Cut} connections were cut: they had not finished in time")]
    public static partial void Cut(ILogger logger, int cut);

    [LoggerMessage(10, LogLevel.Debug, "connection {Id} opened from {Remote}")]
    public static partial void Opened(ILogger logger, long id, EndPoint? remote);

    [LoggerMessage(11, LogLevel.Debug, "connection {Id} closed after {Streams} requests: {Why}")]
    public static partial void Closed(ILogger logger, long id, long streams, ClosingCause why);

    [LoggerMessage(12, LogLevel.Debug, "connection {Id}: the transport failed")]
    public static partial void TransportFailed(ILogger logger, long id, Exception failure);

    [LoggerMessage(13, LogLevel.Information, "connection {Id}: {Code} by the peer: {Rule}")]
    public static partial void ConnectionFault(ILogger logger, long id, ErrorCode code, Rule rule);

    [LoggerMessage(14, LogLevel.Information, "connection {Id} stream {Stream}: {Code} by the peer: {Rule}")]
    public static partial void StreamFault(ILogger logger, long id, StreamId stream, ErrorCode code, Rule rule);

    [LoggerMessage(15, LogLevel.Debug, "connection {Id}: the peer goes away with {Code}: {Debug}")]
    public static partial void GoAway(ILogger logger, long id, ErrorCode code, string debug);

    [LoggerMessage(16, LogLevel.Information, "connection {Id}: cut, the peer does not read")]
    public static partial void NotReading(ILogger logger, long id);

    [LoggerMessage(17, LogLevel.Debug, "a connection from {Remote}: the TLS handshake failed")]
    public static partial void HandshakeFailed(ILogger logger, EndPoint? remote, Exception failure);

    [LoggerMessage(18, LogLevel.Information, "a connection from {Remote} was closed: the client does not speak h2 over TLS")]
    public static partial void NoAlpn(ILogger logger, EndPoint? remote);

    [LoggerMessage(19, LogLevel.Information, "a connection from {Remote} was answered with 426: it speaks HTTP/1.x")]
    public static partial void SpeaksHttp1(ILogger logger, EndPoint? remote);

    [LoggerMessage(20, LogLevel.Error, "connection {Id} stream {Stream}: {Where} of the handler failed")]
    public static partial void HandlerFailed(ILogger logger, long id, StreamId stream, string where, Exception failure);

    [LoggerMessage(21, LogLevel.Error, "connection {Id} stream {Stream}: the response body failed")]
    public static partial void BodyFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(22, LogLevel.Error, "connection {Id} stream {Stream}: the response was refused: {Misuse}")]
    public static partial void ResponseRefused(ILogger logger, long id, StreamId stream, string misuse);

    [LoggerMessage(23, LogLevel.Information, "connection {Id} stream {Stream}: reset, the peer {Does} the body too slowly")]
    public static partial void BodyTooSlow(ILogger logger, long id, StreamId stream, string does);

    [LoggerMessage(24, LogLevel.Information, "connection {Id}: ended, a frame took too long to come")]
    public static partial void FrameTooSlow(ILogger logger, long id);

    [LoggerMessage(25, LogLevel.Debug, "connection {Id} stream {Stream}: closed with {Code}: {Why}")]
    public static partial void StreamEnded(ILogger logger, long id, StreamId stream, ErrorCode code, Http2CloseReason why);

    [LoggerMessage(26, LogLevel.Error, "connection {Id} stream {Stream}: what was registered with the request's token failed")]
    public static partial void RegistrationFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(27, LogLevel.Error, "connection {Id} stream {Stream}: the response for a failed handler could not be made; the default is sent")]
    public static partial void FailureResponseFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(EventId = 28, Message = "connection {Id}: the frame tap failed and is told nothing more of it")]
    public static partial void TapFailed(ILogger logger, LogLevel level, long id, Exception failure);

    [LoggerMessage(29, LogLevel.Error, "the TimeProvider of the options failed; the system's clock takes its place where it does")]
    public static partial void TimeFailed(ILogger logger, Exception failure);

    [LoggerMessage(31, LogLevel.Error, "the logger of the options failed; what it fails to log is lost")]
    public static partial void LoggerFailed(ILogger logger, Exception failure);

    [LoggerMessage(30, LogLevel.Critical, "connection {Id}: internal error")]
    public static partial void InternalError(ILogger logger, long id, Exception failure);
}
