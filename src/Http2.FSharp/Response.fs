namespace Http2.FSharp

open System
open System.IO
open Http2.Shell

/// <summary>Header lists from pairs.</summary>
[<RequireQualifiedAccess>]
module Headers =
    /// <summary>No fields.</summary>
    let empty = Http2Headers.Empty

    /// <summary>A list of fields; names are put in lower case.</summary>
    let ofList (fields: (string * string) list) : Http2Headers =
        Http2Headers.Of(fields |> Seq.map (fun (name, value) -> struct (name, value)))

    /// <summary>The first value of a name, in any case of letters.</summary>
    let tryFind (name: string) (headers: Http2Headers) : string option =
        match headers[name] with
        | null -> None
        | value -> Some value

    /// <summary>All values of a name, in order.</summary>
    let findAll (name: string) (headers: Http2Headers) : string list = List.ofSeq (headers.GetValues name)

    /// <summary>The list and one field more at its end.</summary>
    let add (name: string) (value: string) (headers: Http2Headers) : Http2Headers = headers.Add(name, value)

    /// <summary>The list with a value as the only one of its name.</summary>
    let withValue (name: string) (value: string) (headers: Http2Headers) : Http2Headers = headers.With(name, value)

    /// <summary>The list without the fields of a name, in any case of letters.</summary>
    let without (name: string) (headers: Http2Headers) : Http2Headers = headers.Without name

    /// <summary>The list with all fields of another one behind it.</summary>
    let append (more: Http2Headers) (headers: Http2Headers) : Http2Headers = headers.Concat more

/// <summary>Responses, built by piping.</summary>
[<RequireQualifiedAccess>]
module Response =
    /// <summary>An empty response with a status, 200 to 999.</summary>
    let status (code: int) = Http2Response(code)

    /// <summary>200 with a body of text and its content type.</summary>
    let text (body: string) =
        Http2Response(200, Headers.ofList [ "content-type", "text/plain; charset=utf-8" ], ResponseBody.From body)

    /// <summary>200 with a body of octets, not copied.</summary>
    let bytes (body: ReadOnlyMemory<byte>) = Http2Response(200, Headers.empty, ResponseBody.From body)

    /// <summary>200 with a body read from a stream, which is disposed of after use.</summary>
    let stream (body: Stream) = Http2Response(200, Headers.empty, ResponseBody.From body)

    let private copy status headers body trailers (response: Http2Response) =
        Http2Response(
            Status = status,
            Headers = headers,
            Body = body,
            Trailers = trailers,
            TrailersAfterBody = response.TrailersAfterBody
        )

    /// <summary>The same with another status.</summary>
    let withStatus (code: int) (response: Http2Response) =
        copy code response.Headers response.Body response.Trailers response

    /// <summary>The same with one field more.</summary>
    let withHeader (name: string) (value: string) (response: Http2Response) =
        copy response.Status (response.Headers.Add(name, value)) response.Body response.Trailers response

    /// <summary>The same with another body.</summary>
    let withBody (body: ResponseBody) (response: Http2Response) =
        copy response.Status response.Headers body response.Trailers response

    /// <summary>The same with trailers behind the body.</summary>
    let withTrailers (trailers: (string * string) list) (response: Http2Response) =
        copy response.Status response.Headers response.Body (Headers.ofList trailers) response
