using Http2.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// Options with one property changed: what C# writes as <c>options with { ... }</c>, for the F# face, as F# has no such expression for a record of
/// another language.
/// </summary>
internal static class OptionsWith
{
    public static Http2ServerOptions WithTls(Http2ServerOptions options, Http2Tls tls) => options with { Tls = tls };

    public static Http2ServerOptions WithEndpoints(Http2ServerOptions options, Http2Endpoint[] endpoints) => options with { Endpoints = endpoints };

    public static Http2ServerOptions WithLoggerFactory(Http2ServerOptions options, ILoggerFactory factory) =>
        options with { LoggerFactory = factory };

    public static Http2ServerOptions WithConnection(Http2ServerOptions options, ConnectionOptions connection) =>
        options with { Connection = connection };

    public static Http2ServerOptions WithScheduling(Http2ServerOptions options, Http2Scheduling scheduling) =>
        options with { Scheduling = scheduling };

    public static Http2ServerOptions WithFailureResponse(
        Http2ServerOptions options, Func<Http2Exchange, Exception, Http2Response?> response) =>
        options with { FailureResponse = response };
}
