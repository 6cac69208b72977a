namespace Http2.FSharp

open System
open System.Threading
open System.Threading.Tasks
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

    /// <summary>Pushes a response, or says why it cannot be pushed.</summary>
    let push (path: string) (response: Http2Response) (request: Http2Request) : Result<StreamId, Refusal> =
        try
            let pushed = request.Push(path, response)
            // None is promised on a stream that the client has closed.
            if pushed.IsConnection then Error Refusal.StreamClosed else Ok pushed
        with :? Http2MisuseException as refusal ->
            Error refusal.Refusal

/// <summary>Servers.</summary>
[<RequireQualifiedAccess>]
module Server =
    /// <summary>Options for one address; port 0 takes a free one.</summary>
    let at (host: string) (port: int) = Http2ServerOptions(Host = host, Port = port)

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

    /// <summary>A server whose streams are each handled by an instance of a handler class.</summary>
    let ofHandler (factory: unit -> #Http2RequestHandler) (options: Http2ServerOptions) =
        new Http2Server(options, Func<Http2RequestHandler>(fun () -> factory () :> Http2RequestHandler))
