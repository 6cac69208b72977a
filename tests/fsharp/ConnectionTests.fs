module Http2.FSharp.Tests.ConnectionTests

open Hpack.Pure
open Http2.FSharp
open Http2.Pure
open Xunit

let private get path =
    [ ":method", "GET"; ":scheme", "http"; ":authority", "test"; ":path", path ]
    |> List.map (fun (name, value) -> Field.create name value)

let private expect result =
    match result with
    | Ok value -> value
    | Error error -> failwith $"refused: {error}"

/// Both ends after the prefaces went over.
let private connected () =
    let client = Connection.start Role.Client ConnectionOptions.Default 0L
    let server = Connection.start Role.Server ConnectionOptions.Default 0L
    let server' = Connection.receive 0L client.Output server.State
    let client' = Connection.receive 0L server.Output client.State
    Connection.receive 0L server'.Output client'.State, Connection.receive 0L client'.Output server'.State

[<Fact>]
let ``A request and its response are two folds that exchange octets`` () =
    let client, server = connected ()
    let asked = client.State |> Connection.request (get "/hello") |> expect
    let stream = asked.Opened |> Option.get
    let server = Connection.receive 0L asked.Output server.State

    let path =
        server.Events
        |> List.pick (function
            | :? ConnectionEvent.RequestReceived as request -> Some(System.Text.Encoding.ASCII.GetString request.Head.Path)
            | _ -> None)

    Assert.Equal("/hello", path)

    let answered =
        server.State
        |> Connection.respond stream 200 [ Field.create "content-type" "text/plain" ] (Octets.FromString "hi")
        |> expect

    let client = Connection.receive 0L answered.Output asked.State

    let body =
        client.Events
        |> List.choose (function
            | :? ConnectionEvent.DataReceived as data -> Some(System.Text.Encoding.ASCII.GetString data.Data.Span)
            | _ -> None)

    Assert.Equal<string list>([ "hi" ], body)

[<Fact>]
let ``A promise names the stream it opened`` () =
    let client, server = connected ()
    let asked = client.State |> Connection.request (get "/") |> expect
    let server = Connection.receive 0L asked.Output server.State
    let pushed = server.State |> Connection.push asked.Opened.Value (get "/style.css") |> expect
    Assert.Equal(Some(StreamId 2u), pushed.Opened)

[<Fact>]
let ``A command that does not fit is an Error and the state stays`` () =
    let _, server = connected ()

    match Connection.respond (StreamId 1u) 200 [] Octets.Empty server.State with
    | Error misuse -> Assert.Equal(Refusal.StreamClosed, misuse)
    | Ok _ -> failwith "a stream that was never opened was answered"

[<Fact>]
let ``A fault of the peer is an event, not an Error`` () =
    let _, server = connected ()
    // PING on a stream (RFC 9113 §6.7).
    let outcome = Connection.receive 0L (Octets.FromHex("000008060000000001" + String.replicate 8 "00")) server.State

    let faults =
        outcome.Events
        |> List.choose (function
            | :? ConnectionEvent.ConnectionFaulted as faulted -> Some faulted.Fault.Code
            | _ -> None)

    Assert.Equal<ErrorCode list>([ ErrorCode.ProtocolError ], faults)
