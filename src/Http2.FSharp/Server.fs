namespace Http2.FSharp

open System
open System.Runtime.CompilerServices
open System.Threading
open System.Threading.Tasks
open Microsoft.Extensions.Logging
open Http2.Pure
open Http2.Shell

/// <summary>Requests that a function answers. See <c>Http2Request</c> for what else they have.</summary>
[<RequireQualifiedAccess>]
module Request =
    /// <summary>The method, for example <c>GET</c>.</summary>
    let method (request: Http2Request) : string = request.Method

    /// <summary>The path without its query, not decoded; <c>*</c> for <c>OPTIONS *</c>, and empty for CONNECT.</summary>
    let path (request: Http2Request) : string = request.Path

    /// <summary>The query from its <c>?</c> on, not decoded; empty when there is none.</summary>
    let query (request: Http2Request) : string = request.Query

    /// <summary>The length of the body by the <c>content-length</c> field, in octets, when it declares one.</summary>
    let contentLength (request: Http2Request) : int64 option = Option.ofNullable request.ContentLength

    /// <summary>The first value of a header field in any case of letters, read as UTF-8.</summary>
    let header (name: string) (request: Http2Request) : string option = Headers.tryFind name request.Headers

    /// <summary>The whole body, kept in memory. Reading fails as <c>Http2Request.Body</c> says.</summary>
    let bytes (cancellation: CancellationToken) (request: Http2Request) : Task<byte array> =
        task {
            use body = new IO.MemoryStream()
            do! request.BodyStream.CopyToAsync(body, cancellation)
            return body.ToArray()
        }

    /// <summary>The whole body, kept in memory; reading is cancelled with the computation.</summary>
    let bytesAsync (request: Http2Request) : Async<byte array> =
        async {
            let! cancellation = Async.CancellationToken
            return! bytes cancellation request |> Async.AwaitTask
        }

    /// <summary>The whole body as text in UTF-8, kept in memory.</summary>
    let text (cancellation: CancellationToken) (request: Http2Request) : Task<string> =
        task {
            let! body = bytes cancellation request
            return Text.Encoding.UTF8.GetString body
        }

    /// <summary>
    /// Pushes a response to a GET for a path (RFC 9113 §8.4), or says why it cannot be pushed. It must be called before the request is answered.
    /// </summary>
    let push (path: string) (response: Http2Response) (request: Http2Request) : Result<StreamId, Refusal> =
        try
            let pushed = request.Push(path, response)
            // None is promised on a stream that the client has closed.
            if pushed.IsConnection then Error Refusal.StreamClosed else Ok pushed
        with :? Http2MisuseException as refusal ->
            Error refusal.Refusal

/// <summary>
/// Servers, built by piping: an address, what it is to be like, a handler, and a way to run it.
/// <c>Server.at "127.0.0.1" 8443 |> Server.withTls tls |> Server.create handler |> Server.run</c>. What has no function here is set where the
/// pipe begins, with <c>Http2ServerOptions(Host = ..., MaxConnections = ...)</c>.
/// </summary>
[<RequireQualifiedAccess>]
module Server =
    /// <summary>Options of a server that listens at one address: a host name or an IP address, and a TCP port, 0 for a free one.</summary>
    let at (host: string) (port: int) = Http2ServerOptions(Host = host, Port = port)

    // What uses OptionsWith, which is internal, is not inlined: a program may not call it.

    /// <summary>The options with TLS, whose ALPN is h2.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withTls (tls: Http2Tls) (options: Http2ServerOptions) = OptionsWith.WithTls(options, tls)

    /// <summary>The options with several addresses in place of one.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withEndpoints (endpoints: Http2Endpoint list) (options: Http2ServerOptions) = OptionsWith.WithEndpoints(options, List.toArray endpoints)

    /// <summary>The options with a log.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withLogger (factory: ILoggerFactory) (options: Http2ServerOptions) = OptionsWith.WithLoggerFactory(options, factory)

    /// <summary>The options with other limits for each connection.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withLimits (limits: ConnectionOptions) (options: Http2ServerOptions) = OptionsWith.WithConnection(options, limits)

    /// <summary>The options with other threads that serve connections.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withScheduling (scheduling: Http2Scheduling) (options: Http2ServerOptions) = OptionsWith.WithScheduling(options, scheduling)

    /// <summary>
    /// The options with a function that makes the response to a request whose handler failed before it answered; for None the client gets status 500.
    /// </summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withFailureResponse (response: Http2Exchange -> exn -> Http2Response option) (options: Http2ServerOptions) =
        OptionsWith.WithFailureResponse(options, Func<_, _, _>(fun exchange failure -> response exchange failure |> Option.toObj))

    /// <summary>A server whose requests are each answered by a function that returns the response. The function may block.</summary>
    let create (handler: Http2Request -> Http2Response) (options: Http2ServerOptions) =
        new Http2Server(
            options,
            Func<Http2Request, CancellationToken, ValueTask<Http2Response>>(fun request _ -> ValueTask<Http2Response>(handler request))
        )

    /// <summary>
    /// A server whose requests are each answered by a task. Its token is cancelled when the stream is closed before the response has been sent.
    /// </summary>
    let createTask (handler: Http2Request -> CancellationToken -> Task<Http2Response>) (options: Http2ServerOptions) =
        new Http2Server(
            options,
            Func<Http2Request, CancellationToken, ValueTask<Http2Response>>(fun request cancellation ->
                ValueTask<Http2Response>(handler request cancellation))
        )

    /// <summary>
    /// A server whose requests are each answered by an <c>Async</c>, which is cancelled when the stream is closed before the response has been sent.
    /// </summary>
    let createAsync (handler: Http2Request -> Async<Http2Response>) (options: Http2ServerOptions) =
        createTask (fun request cancellation -> Async.StartImmediateAsTask(handler request, cancellation)) options

    /// <summary>A server whose streams are each handled by an instance of a handler class.</summary>
    let ofHandler (factory: unit -> #Http2RequestHandler) (options: Http2ServerOptions) =
        new Http2Server(options, Func<Http2RequestHandler>(fun () -> factory () :> Http2RequestHandler))

    /// <summary>Begins to listen; afterwards <c>Endpoints</c> has the addresses with their ports.</summary>
    let start (server: Http2Server) : Task<Http2Server> =
        task {
            do! server.StartAsync()
            return server
        }

    /// <summary>Serves until the process gets SIGTERM or SIGINT, and then ends the server gracefully. Blocks the thread until then.</summary>
    let run (server: Http2Server) : unit = server.ServeForever()

    /// <summary>Serves until the token is cancelled, and then ends the server gracefully.</summary>
    let runTask (cancellation: CancellationToken) (server: Http2Server) : Task = server.RunAsync cancellation

    /// <summary>Serves until the computation is cancelled, and then ends the server gracefully.</summary>
    let runAsync (server: Http2Server) : Async<unit> =
        async {
            let! cancellation = Async.CancellationToken
            do! server.RunAsync cancellation |> Async.AwaitTask
        }
