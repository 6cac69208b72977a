module Http2.FSharp.Tests.EventTests

open System
open System.Collections.Immutable
open Hpack.Pure
open Http2.FSharp
open Http2.Pure
open Microsoft.FSharp.Reflection
open Xunit

let private stream = StreamId 3u
let private fields = [ Field.create "a" "b" ]

let private inputs =
    [ Http2Input.Received(Octets.FromString "x", 1L)
      Http2Input.EndOfInput
      Http2Input.Disconnected
      Http2Input.Tick 2L
      Http2Input.Drain 3
      Http2Input.SubmitResponse(stream, OutboundHead(200, ImmutableArray.CreateRange fields), Octets.FromString "body", true)
      Http2Input.SubmitInformational(stream, OutboundHead(103, ImmutableArray.CreateRange fields))
      Http2Input.SubmitData(stream, Octets.FromString "more", false)
      Http2Input.SubmitTrailers(stream, fields)
      Http2Input.SubmitPush(stream, fields)
      Http2Input.SubmitRequest(fields, true)
      Http2Input.SubmitReset(stream, ErrorCode.Cancel)
      Http2Input.SubmitPriority(stream, Octets.op_Implicit "u=1")
      Http2Input.SubmitPing 4UL
      Http2Input.SubmitSettings([ Setting(SettingId.MaxFrameSize, 20000u) ], 5L)
      Http2Input.SetDate(List.tryHead fields)
      Http2Input.SetDate None
      Http2Input.Shutdown 6L
      Http2Input.Abort ErrorCode.NoError
      Http2Input.Consume(stream, 7)
      Http2Input.BoundUnread 8L
      Http2Input.Retire stream ]

let private events: ConnectionEvent list =
    let rule = Fault.OfStream(stream, ErrorCode.Cancel, Unchecked.defaultof<Rule>)
    let connection = Fault.OfConnection(ErrorCode.ProtocolError, Unchecked.defaultof<Rule>)

    [ ConnectionEvent.RequestReceived(stream, RequestHead(), true)
      ConnectionEvent.InformationalReceived(stream, ResponseHead())
      ConnectionEvent.ResponseReceived(stream, ResponseHead(), false)
      ConnectionEvent.DataReceived(stream, ReadOnlyMemory [| 1uy |], true)
      ConnectionEvent.TrailersReceived(stream, FieldList())
      ConnectionEvent.PushPromised(stream, StreamId 2u, RequestHead())
      ConnectionEvent.DataSent(stream, 1, 2L)
      ConnectionEvent.StreamClosed(stream, ErrorCode.Cancel, true)
      ConnectionEvent.SettingsReceived(ImmutableArray.Create(Setting(SettingId.EnablePush, 0u)))
      ConnectionEvent.SettingsAcknowledged()
      ConnectionEvent.PingAcknowledged 9UL
      ConnectionEvent.GoAwayReceived(stream, ErrorCode.NoError, Octets.FromString "bye")
      ConnectionEvent.StreamFaulted rule
      ConnectionEvent.ConnectionFaulted connection ]

/// The cases that a closed union of Http2.Pure has.
let private coreCases (union: Type) =
    union.GetNestedTypes() |> Array.filter (fun case -> case.BaseType = union) |> Array.map _.Name |> Array.sort

let private unionCases (union: Type) = FSharpType.GetUnionCases union |> Array.map _.Name |> Array.sort

let private caseOf (value: 'union) = (FSharpValue.GetUnionFields(value, typeof<'union>) |> fst).Name

[<Fact>]
let ``The unions have every event and every input of the core`` () =
    Assert.Equal<string array>(coreCases typeof<ConnectionEvent>, unionCases typeof<Http2Event>)
    Assert.Equal<string array>(coreCases typeof<Input>, unionCases typeof<Http2Input>)

[<Fact>]
let ``Every event is given by its own case`` () =
    Assert.Equal<string array>(coreCases typeof<ConnectionEvent>, events |> List.map (fun event -> event.GetType().Name) |> List.sort |> Array.ofList)

    for event in events do
        Assert.Equal(event.GetType().Name, caseOf (Http2Event.OfCore event))

[<Fact>]
let ``The parts of an event are those of the core's`` () =
    match Http2Event.OfCore(ConnectionEvent.StreamClosed(stream, ErrorCode.Cancel, true)) with
    | Http2Event.StreamClosed(id, code, abnormal) -> Assert.Equal((stream, ErrorCode.Cancel, true), (id, code, abnormal))
    | other -> failwith $"{other}"

    match Http2Event.OfCore(ConnectionEvent.GoAwayReceived(stream, ErrorCode.NoError, Octets.FromString "bye")) with
    | Http2Event.GoAwayReceived(last, code, debug) -> Assert.Equal((stream, ErrorCode.NoError, "bye"), (last, code, debug.ToString()))
    | other -> failwith $"{other}"

[<Fact>]
let ``Every input goes to the core and comes back`` () =
    Assert.Equal<string list>(
        List.ofArray (unionCases typeof<Http2Input>),
        inputs |> List.map caseOf |> List.distinct |> List.sort
    )

    for input in inputs do
        Assert.Equal(caseOf input, input.ToCore().GetType().Name)
        Assert.Equal(input, Http2Input.OfCore(input.ToCore()))

[<Fact>]
let ``A recording is read as inputs, or is an Error`` () =
    let recording = Recording(Role.Server, ConnectionOptions.Default, 0L, ImmutableArray.Create(inputs.Head.ToCore()))

    match Recording.decode (recording.Encode()) with
    | Ok again -> Assert.Equal<Http2Input list>([ inputs.Head ], Recording.inputs again)
    | Error error -> failwith $"{error}"

    match Recording.decode (Octets.FromString "no") with
    | Error error -> Assert.Equal(0, error.Offset)
    | Ok _ -> failwith "octets that are no recording were read"
