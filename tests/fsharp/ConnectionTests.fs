module Http2.FSharp.Tests.ConnectionTests

open System
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
            | Http2Event.RequestReceived(_, head, true) -> Some(System.Text.Encoding.ASCII.GetString head.Path)
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
            | Http2Event.DataReceived(_, data, _) -> Some(System.Text.Encoding.ASCII.GetString data.Span)
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
    | Error refusal -> Assert.Equal(Refusal.StreamClosed, refusal)
    | Ok _ -> failwith "a stream that was never opened was answered"

[<Fact>]
let ``A fault of the peer is an event, not an Error`` () =
    let _, server = connected ()
    // PING on a stream (RFC 9113 §6.7).
    let outcome = Connection.receive 0L (Octets.FromHex("000008060000000001" + String.replicate 8 "00")) server.State

    let faults =
        outcome.Events
        |> List.choose (function
            | Http2Event.ConnectionFaulted fault -> Some fault.Code
            | _ -> None)

    Assert.Equal<ErrorCode list>([ ErrorCode.ProtocolError ], faults)

[<Fact>]
let ``A body goes in parts, its credit comes back, and trailers end it`` () =
    let client, server = connected ()
    let asked = client.State |> Connection.requestHead ([ Field.create "te" "trailers" ] |> List.append (get "/up")) |> expect
    let stream = asked.Opened.Value
    let sent = asked.State |> Connection.data stream (Octets.FromString "part") false |> expect
    let ended = sent.State |> Connection.trailers stream [ Field.create "x-sum" "1" ] |> expect
    let drained = Connection.drain 1000 ended.State
    let input = Seq.concat [ asked.Output.Memory.ToArray(); sent.Output.Memory.ToArray(); ended.Output.Memory.ToArray(); drained.Output.Memory.ToArray() ]
    let server = Connection.receive 0L (Octets(ReadOnlyMemory(Array.ofSeq input))) server.State

    let seen =
        server.Events
        |> List.choose (function
            | Http2Event.RequestReceived(_, _, endStream) -> Some $"head {endStream}"
            | Http2Event.DataReceived(_, data, endStream) -> Some $"{System.Text.Encoding.ASCII.GetString data.Span} {endStream}"
            | Http2Event.TrailersReceived(id, fields) -> Some $"trailers {fields.Count} on {id}"
            | _ -> None)

    Assert.Equal<string list>([ "head False"; "part False"; "trailers 1 on 1" ], seen)
    let consumed = Connection.consume stream 4 server.State

    let informed = consumed.State |> Connection.inform stream 103 [ Field.create "link" "</s.css>" ] |> expect
    let headed = informed.State |> Connection.respondHead stream 200 [] |> expect
    let bodied = headed.State |> Connection.data stream (Octets.FromString "done") true |> expect
    let drained' = Connection.drain 1000 bodied.State
    let output = Seq.concat [ informed.Output.Memory.ToArray(); headed.Output.Memory.ToArray(); bodied.Output.Memory.ToArray(); drained'.Output.Memory.ToArray() ]
    let client = Connection.receive 0L (Octets(ReadOnlyMemory(Array.ofSeq output))) drained.State

    let statuses =
        client.Events
        |> List.choose (function
            | Http2Event.InformationalReceived(_, head) -> Some head.Status
            | Http2Event.ResponseReceived(_, head, false) -> Some head.Status
            | _ -> None)

    Assert.Equal<int list>([ 103; 200 ], statuses)

[<Fact>]
let ``A connection is probed, bounded, dated and ended`` () =
    let client, server = connected ()
    let probe = Connection.ping 7UL client.State
    let answer = Connection.receive 0L probe.Output server.State
    let answered = Connection.receive 0L answer.Output probe.State

    match answered.Events with
    | [ Http2Event.PingAcknowledged opaque ] -> Assert.Equal(7UL, opaque)
    | other -> failwith $"{other}"

    let smaller = answered.State |> Connection.settings 0L [ Setting(SettingId.InitialWindowSize, 1000u) ] |> expect
    let bounded = Connection.boundUnread 4096L answer.State
    let dated = bounded.State |> Connection.setDate (Some(Field.create "date" "Thu, 26 Nov 2026 10:00:00 GMT")) |> expect
    let server = Connection.receive 0L smaller.Output dated.State

    match server.Events with
    | [ Http2Event.SettingsReceived settings ] -> Assert.Equal(SettingId.InitialWindowSize, settings.Head.Id)
    | other -> failwith $"{other}"

    let acknowledged = Connection.receive 0L server.Output smaller.State

    match acknowledged.Events with
    | [ Http2Event.SettingsAcknowledged ] -> ()
    | other -> failwith $"{other}"

    let going = Connection.shutdown 1L acknowledged.State
    let told = Connection.receive 1L going.Output server.State

    match told.Events with
    | [ Http2Event.GoAwayReceived(_, code, _) ] -> Assert.Equal(ErrorCode.NoError, code)
    | other -> failwith $"{other}"

    let over = Connection.abort ErrorCode.InternalError (Connection.tick 2L told.State).State
    Assert.False over.Output.IsEmpty
    Assert.False(Connection.isFinished acknowledged.State)
    Assert.True(Connection.isFinished (Connection.disconnect (Connection.endOfInput going.State).State).State)

[<Fact>]
let ``A stream that is reset is closed with its code`` () =
    let client, server = connected ()
    let asked = client.State |> Connection.requestHead (get "/") |> expect
    let server = Connection.receive 0L asked.Output server.State
    let reset = asked.State |> Connection.reset asked.Opened.Value ErrorCode.Cancel |> expect
    let told = Connection.receive 0L reset.Output server.State

    let closed =
        told.Events
        |> List.pick (function
            | Http2Event.StreamClosed(id, code, abnormal) -> Some(id, code, abnormal)
            | _ -> None)

    Assert.Equal((asked.Opened.Value, ErrorCode.Cancel, true), closed)
    Assert.Empty((Connection.retire asked.Opened.Value told.State).Events)
