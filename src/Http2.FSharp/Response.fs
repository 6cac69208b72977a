namespace Http2.FSharp

open System
open System.IO
open Http2.Shell

/// <summary>Lists of header or trailer fields, without pseudo-fields. See <c>Http2Headers</c>.</summary>
[<RequireQualifiedAccess>]
module Headers =
    /// <summary>No fields.</summary>
    let empty = Http2Headers.Empty

    /// <summary>
    /// A list of fields from names and values; names are put in lower case. Raises <c>ArgumentException</c> when HTTP/2 does not allow a field
    /// (RFC 9113 §8.2).
    /// </summary>
    let ofList (fields: (string * string) list) : Http2Headers =
        Http2Headers.Of(fields |> Seq.map (fun (name, value) -> struct (name, value)))

    /// <summary>The first value of a name in any case of letters, read as UTF-8; the parts of a cookie come joined.</summary>
    let tryFind (name: string) (headers: Http2Headers) : string option =
        match headers[name] with
        | null -> None
        | value -> Some value

    /// <summary>All values of a name in any case of letters, in order.</summary>
    let findAll (name: string) (headers: Http2Headers) : string list = List.ofSeq (headers.GetValues name)

    /// <summary>The list and one field more at its end.</summary>
    let add (name: string) (value: string) (headers: Http2Headers) : Http2Headers = headers.Add(name, value)

    /// <summary>The list with a value as the only one of its name.</summary>
    let withValue (name: string) (value: string) (headers: Http2Headers) : Http2Headers = headers.With(name, value)

    /// <summary>The list without the fields of a name, in any case of letters.</summary>
    let without (name: string) (headers: Http2Headers) : Http2Headers = headers.Without name

    /// <summary>The list with all fields of another one behind it.</summary>
    let append (more: Http2Headers) (headers: Http2Headers) : Http2Headers = headers.Concat more

/// <summary>Responses, built by piping. A response is immutable; each function gives a new one.</summary>
[<RequireQualifiedAccess>]
module Response =
    /// <summary>An empty response with a status, 200 to 999.</summary>
    let status (code: int) = Http2Response(code)

    /// <summary>A response with status 200, a body of text in UTF-8, and its content type.</summary>
    let text (body: string) =
        Http2Response(200, Headers.ofList [ "content-type", "text/plain; charset=utf-8" ], ResponseBody.From body)

    /// <summary>A response with status 200 and a body of octets. They are not copied, and must not change until the response has been sent.</summary>
    let bytes (body: ReadOnlyMemory<byte>) = Http2Response(200, Headers.empty, ResponseBody.From body)

    /// <summary>A response with status 200 and a body that is read from a stream, which is disposed of after use. It serves one request.</summary>
    let stream (body: Stream) = Http2Response(200, Headers.empty, ResponseBody.From body)

    let private copy status headers body trailers (response: Http2Response) =
        Http2Response(
            Status = status,
            Headers = headers,
            Body = body,
            Trailers = trailers,
            TrailersAfterBody = response.TrailersAfterBody
        )

    /// <summary>The response with another status, 200 to 999.</summary>
    let withStatus (code: int) (response: Http2Response) =
        copy code response.Headers response.Body response.Trailers response

    /// <summary>The response with one field more.</summary>
    let withHeader (name: string) (value: string) (response: Http2Response) =
        copy response.Status (response.Headers.Add(name, value)) response.Body response.Trailers response

    /// <summary>The response with another body.</summary>
    let withBody (body: ResponseBody) (response: Http2Response) =
        copy response.Status response.Headers body response.Trailers response

    /// <summary>The response with trailer fields after its body.</summary>
    let withTrailers (trailers: (string * string) list) (response: Http2Response) =
        copy response.Status response.Headers response.Body (Headers.ofList trailers) response
