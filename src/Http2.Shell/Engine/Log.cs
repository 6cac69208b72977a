using System.Net;
using Http2.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>What connections log, with stable event ids; those of servers are in <see cref="ServerLog"/>.</summary>
internal static partial class Log
{
    [LoggerMessage(
        50, LogLevel.Warning,
        "memory is short: connections hold {Held} of {Limit} octets; {Ended} that held most and moved least were ended so far, "
        + "connection {Id} with {Most} octets among them")]
    public static partial void MemorySpent(ILogger logger, long held, long limit, long ended, long id, long most);

    [LoggerMessage(52, LogLevel.Information, "the load has gone: memory was given back to the system in {Milliseconds} ms")]
    public static partial void MemoryGivenBack(ILogger logger, long milliseconds);

    [LoggerMessage(10, LogLevel.Debug, "connection {Id} opened from {Remote}")]
    public static partial void Opened(ILogger logger, long id, EndPoint? remote);

    [LoggerMessage(11, LogLevel.Debug, "connection {Id} closed after {Streams} streams: {Why}")]
    public static partial void Closed(ILogger logger, long id, long streams, ClosingCause why);

    [LoggerMessage(12, LogLevel.Debug, "connection {Id}: the transport failed")]
    public static partial void TransportFailed(ILogger logger, long id, Exception failure);

    [LoggerMessage(13, LogLevel.Information, "connection {Id}: {Code} by the peer: {Rule}")]
    public static partial void ConnectionFault(ILogger logger, long id, ErrorCode code, Rule rule);

    [LoggerMessage(14, LogLevel.Information, "connection {Id} stream {Stream}: {Code} by the peer: {Rule}")]
    public static partial void StreamFault(ILogger logger, long id, StreamId stream, ErrorCode code, Rule rule);

    [LoggerMessage(15, LogLevel.Debug, "connection {Id}: the peer goes away with {Code}: {Debug}")]
    public static partial void GoAway(ILogger logger, long id, ErrorCode code, string debug);

    [LoggerMessage(16, LogLevel.Information, "connection {Id}: cut, the peer takes nothing of what is sent to it")]
    public static partial void NotReading(ILogger logger, long id);

    [LoggerMessage(21, LogLevel.Error, "connection {Id} stream {Stream}: the body that is sent failed")]
    public static partial void BodyFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(23, LogLevel.Information, "connection {Id} stream {Stream}: reset, the peer {Does} the body too slowly")]
    public static partial void BodyTooSlow(ILogger logger, long id, StreamId stream, string does);

    [LoggerMessage(24, LogLevel.Information, "connection {Id}: ended, a frame took too long to come")]
    public static partial void FrameTooSlow(ILogger logger, long id);

    [LoggerMessage(25, LogLevel.Information, "connection {Id}: closed, the peer has sent all and nothing is sent to it")]
    public static partial void HalfClosed(ILogger logger, long id);

    [LoggerMessage(41, LogLevel.Information, "connection {Id}: closed, the peer sends TLS records without data and does not cease")]
    public static partial void TlsFlood(ILogger logger, long id);

    [LoggerMessage(70, LogLevel.Error, "connection {Id} stream {Stream}: the handler of the response failed")]
    public static partial void ResponseHandlerFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(60, LogLevel.Debug, "connection {Id} stream {Stream}: closed with {Code}: {Why}")]
    public static partial void StreamEnded(ILogger logger, long id, StreamId stream, ErrorCode code, Http2CloseReason why);

    [LoggerMessage(61, LogLevel.Error, "connection {Id} stream {Stream}: what was registered with the stream's token failed")]
    public static partial void RegistrationFailed(ILogger logger, long id, StreamId stream, Exception failure);

    [LoggerMessage(EventId = 63, Message = "connection {Id}: the frame tap failed and is told nothing more of it")]
    public static partial void TapFailed(ILogger logger, LogLevel level, long id, Exception failure);

    [LoggerMessage(65, LogLevel.Error, "the logger of the options failed; what it fails to log is lost")]
    public static partial void LoggerFailed(ILogger logger, Exception failure);

    [LoggerMessage(30, LogLevel.Critical, "connection {Id}: internal error")]
    public static partial void InternalError(ILogger logger, long id, Exception failure);
}
