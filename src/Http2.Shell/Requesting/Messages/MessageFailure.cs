using Http2.Pure;

namespace Http2.Shell;

/// <summary>Failures of this library as HttpClient's callers know them.</summary>
internal static class MessageFailure
{
    /// <summary>What a request fails with; null when the exception says it already.</summary>
    public static Exception? Of(Exception failure) => failure switch
    {
        Http2ConnectException => new HttpRequestException(HttpRequestError.ConnectionError, failure.Message, failure),
        Http2NotProcessedException => Protocol(ErrorCode.RefusedStream, failure),
        Http2ProtocolException broken => Protocol(broken.Code, failure),
        Http2StreamClosedException closed => Protocol(closed.Code, failure),
        Http2MisuseException => new HttpRequestException(HttpRequestError.Unknown, failure.Message, failure),
        TimeoutException => new HttpRequestException(HttpRequestError.Unknown, failure.Message, failure),
        ArgumentException => new HttpRequestException(HttpRequestError.Unknown, failure.Message, failure),
        _ => null,
    };

    /// <summary>What reading a response fails with; null when the exception says it already.</summary>
    public static Exception? OfBody(Exception failure) => failure switch
    {
        Http2ProtocolException broken => new HttpProtocolException((long)broken.Code, failure.Message, failure),
        Http2StreamClosedException { Code: ErrorCode.NoError } => new HttpIOException(HttpRequestError.ResponseEnded, failure.Message, failure),
        Http2StreamClosedException closed => new HttpProtocolException((long)closed.Code, failure.Message, failure),
        Http2NotProcessedException => new HttpProtocolException((long)ErrorCode.RefusedStream, failure.Message, failure),
        _ => null,
    };

    private static HttpRequestException Protocol(ErrorCode code, Exception failure) =>
        new(HttpRequestError.HttpProtocolError, failure.Message, new HttpProtocolException((long)code, failure.Message, failure));
}
