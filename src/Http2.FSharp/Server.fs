namespace Http2.FSharp

open System
open System.Runtime.CompilerServices
open System.Threading
open System.Threading.Tasks
open Microsoft.Extensions.Logging
open Http2.Pure
open Http2.Shell

/// <summary>Requests as F# sees them.</summary>
[<RequireQualifiedAccess>]
module Request =
    /// <summary>The first value of a field, in any case of letters.</summary>
    let header (name: string) (request: Http2Request) : string option = Headers.tryFind name request.Headers

    /// <summary>The whole body.</summary>
    let bytes (cancellation: CancellationToken) (request: Http2Request) : Task<byte array> =
        task {
            use body = new IO.MemoryStream()
            do! request.BodyStream.CopyToAsync(body, cancellation)
            return body.ToArray()
        }

    /// <summary>The whole body; cancelled with the computation.</summary>
    let bytesAsync (request: Http2Request) : Async<byte array> =
        async {
            let! cancellation = Async.CancellationToken
            return! bytes cancellation request |> Async.AwaitTask
        }

    /// <summary>The whole body as UTF-8.</summary>
    let text (cancellation: CancellationToken) (request: Http2Request) : Task<string> =
        task {
            let! body = bytes cancellation request
            return Text.Encoding.UTF8.GetString body
        }

    /// <summary>Pushes a response, or says why it cannot be pushed.</summary>
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
    /// <summary>Options for one address; port 0 takes a free one.</summary>
    let at (host: string) (port: int) = Http2ServerOptions(Host = host, Port = port)

    // What uses OptionsWith, which is internal, is not inlined: a program may not call it.

    /// <summary>The same over TLS with ALPN h2.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withTls (tls: Http2Tls) (options: Http2ServerOptions) = OptionsWith.WithTls(options, tls)

    /// <summary>The same at several addresses in place of one.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withEndpoints (endpoints: Http2Endpoint list) (options: Http2ServerOptions) = OptionsWith.WithEndpoints(options, List.toArray endpoints)

    /// <summary>The same with a log.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withLogger (factory: ILoggerFactory) (options: Http2ServerOptions) = OptionsWith.WithLoggerFactory(options, factory)

    /// <summary>The same with other limits for each connection; those that are not named keep their defaults.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withLimits (limits: ConnectionOptions) (options: Http2ServerOptions) = OptionsWith.WithConnection(options, limits)

    /// <summary>The same with other threads.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withScheduling (scheduling: Http2Scheduling) (options: Http2ServerOptions) = OptionsWith.WithScheduling(options, scheduling)

    /// <summary>The same with a response to requests whose handler failed before it answered; None has the one that is usual.</summary>
    [<MethodImpl(MethodImplOptions.NoInlining)>]
    let withFailureResponse (response: Http2Exchange -> exn -> Http2Response option) (options: Http2ServerOptions) =
        OptionsWith.WithFailureResponse(options, Func<_, _, _>(fun exchange failure -> response exchange failure |> Option.toObj))

    /// <summary>A server that answers each request by a function that completes at once.</summary>
    let create (handler: Http2Request -> Http2Response) (options: Http2ServerOptions) =
        new Http2Server(
            options,
            Func<Http2Request, CancellationToken, ValueTask<Http2Response>>(fun request _ -> ValueTask<Http2Response>(handler request))
        )

    /// <summary>A server that answers each request by a task. The token is cancelled when the stream is closed before.</summary>
    let createTask (handler: Http2Request -> CancellationToken -> Task<Http2Response>) (options: Http2ServerOptions) =
        new Http2Server(
            options,
            Func<Http2Request, CancellationToken, ValueTask<Http2Response>>(fun request cancellation ->
                ValueTask<Http2Response>(handler request cancellation))
        )

    /// <summary>A server that answers each request by an <c>Async</c>, which is cancelled when the stream is closed before.</summary>
    let createAsync (handler: Http2Request -> Async<Http2Response>) (options: Http2ServerOptions) =
        createTask (fun request cancellation -> Async.StartImmediateAsTask(handler request, cancellation)) options

    /// <summary>A server whose streams are each handled by an instance of a handler class.</summary>
    let ofHandler (factory: unit -> #Http2RequestHandler) (options: Http2ServerOptions) =
        new Http2Server(options, Func<Http2RequestHandler>(fun () -> factory () :> Http2RequestHandler))

    /// <summary>Begins to listen; the addresses are in <c>Endpoints</c> afterwards.</summary>
    let start (server: Http2Server) : Task<Http2Server> =
        task {
            do! server.StartAsync()
            return server
        }

    /// <summary>Serves until the process is told to end (SIGTERM, SIGINT); running requests end first.</summary>
    let run (server: Http2Server) : unit = server.ServeForever()

    /// <summary>Serves until the token is cancelled; running requests end first.</summary>
    let runTask (cancellation: CancellationToken) (server: Http2Server) : Task = server.RunAsync cancellation

    /// <summary>Serves until the computation is cancelled; running requests end first.</summary>
    let runAsync (server: Http2Server) : Async<unit> =
        async {
            let! cancellation = Async.CancellationToken
            do! server.RunAsync cancellation |> Async.AwaitTask
        }
