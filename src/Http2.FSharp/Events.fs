namespace Http2.FSharp

open System
open System.Collections.Immutable
open Hpack.Pure
open Http2.Pure

/// <summary>What a connection tells the application: <c>Http2.Pure.ConnectionEvent</c> as a union that the compiler knows to be whole.</summary>
[<RequireQualifiedAccess; NoComparison>]
type Http2Event =
    /// <summary>A request's head arrived (server).</summary>
    | RequestReceived of id: StreamId * head: RequestHead * endStream: bool
    /// <summary>A 1xx response arrived (client).</summary>
    | InformationalReceived of id: StreamId * head: ResponseHead
    /// <summary>A final response's head arrived (client).</summary>
    | ResponseReceived of id: StreamId * head: ResponseHead * endStream: bool
    /// <summary>
    /// A part of a body arrived: a slice of the input, whose octets are given back with <c>Connection.consume</c> as they are taken.
    /// </summary>
    | DataReceived of id: StreamId * data: ReadOnlyMemory<byte> * endStream: bool
    /// <summary>Trailers arrived; they end the message (RFC 9113 §8.1).</summary>
    | TrailersReceived of id: StreamId * fields: FieldList
    /// <summary>The server promised a response on the stream <c>promised</c> (client; RFC 9113 §8.4).</summary>
    | PushPromised of id: StreamId * promised: StreamId * head: RequestHead
    /// <summary>Octets of a queued body were sent in this step; <c>queued</c> says how many are still queued.</summary>
    | DataSent of id: StreamId * octets: int * queued: int64
    /// <summary>A stream is closed, exactly once for each; abnormal when it ended before both sides had finished.</summary>
    | StreamClosed of id: StreamId * code: ErrorCode * abnormal: bool
    /// <summary>The peer's SETTINGS were applied and acknowledged.</summary>
    | SettingsReceived of settings: Setting list
    /// <summary>The peer acknowledged the oldest SETTINGS frame of this end that was in flight.</summary>
    | SettingsAcknowledged
    /// <summary>The peer answered a PING that the application sent, with the same eight octets.</summary>
    | PingAcknowledged of opaque: uint64
    /// <summary>The peer is going away (RFC 9113 §6.8); the debug data are cut to 256 octets.</summary>
    | GoAwayReceived of lastStreamId: StreamId * code: ErrorCode * debug: Octets
    /// <summary>A fault of the peer was answered by ending its stream, with RST_STREAM or 431; for the log.</summary>
    | StreamFaulted of fault: Fault.OfStream
    /// <summary>A connection fault of the peer was answered with GOAWAY; the connection is closing.</summary>
    | ConnectionFaulted of fault: Fault.OfConnection

    /// <summary>The event as a union.</summary>
    static member OfCore(event: ConnectionEvent) : Http2Event =
        match event with
        | :? ConnectionEvent.RequestReceived as e -> RequestReceived(e.Id, e.Head, e.EndStream)
        | :? ConnectionEvent.InformationalReceived as e -> InformationalReceived(e.Id, e.Head)
        | :? ConnectionEvent.ResponseReceived as e -> ResponseReceived(e.Id, e.Head, e.EndStream)
        | :? ConnectionEvent.DataReceived as e -> DataReceived(e.Id, e.Data, e.EndStream)
        | :? ConnectionEvent.TrailersReceived as e -> TrailersReceived(e.Id, e.Fields)
        | :? ConnectionEvent.PushPromised as e -> PushPromised(e.Id, e.Promised, e.Head)
        | :? ConnectionEvent.DataSent as e -> DataSent(e.Id, e.Octets, e.Queued)
        | :? ConnectionEvent.StreamClosed as e -> StreamClosed(e.Id, e.Code, e.Abnormal)
        | :? ConnectionEvent.SettingsReceived as e -> SettingsReceived(List.ofSeq e.Settings)
        | :? ConnectionEvent.SettingsAcknowledged -> SettingsAcknowledged
        | :? ConnectionEvent.PingAcknowledged as e -> PingAcknowledged e.Opaque
        | :? ConnectionEvent.GoAwayReceived as e -> GoAwayReceived(e.LastStreamId, e.Code, e.Debug)
        | :? ConnectionEvent.StreamFaulted as e -> StreamFaulted e.Fault
        | :? ConnectionEvent.ConnectionFaulted as e -> ConnectionFaulted e.Fault
        | _ -> raise (ArgumentOutOfRangeException(nameof event, event, "the union of events has no such case"))

/// <summary>
/// Everything that can happen to a connection: <c>Http2.Pure.Input</c> as a union that the compiler knows to be whole. Times are milliseconds of
/// any monotonic clock.
/// </summary>
[<RequireQualifiedAccess; NoComparison>]
type Http2Input =
    /// <summary>Octets came from the peer, cut anywhere.</summary>
    | Received of octets: Octets * now: int64
    /// <summary>The peer will send no more.</summary>
    | EndOfInput
    /// <summary>The transport is gone, in both directions.</summary>
    | Disconnected
    /// <summary>Time passed.</summary>
    | Tick of now: int64
    /// <summary>Queued bodies may be sent, about so many octets.</summary>
    | Drain of budget: int
    /// <summary>A response, with its body or the first part of it.</summary>
    | SubmitResponse of id: StreamId * head: OutboundHead * body: Octets * endStream: bool
    /// <summary>A 1xx response.</summary>
    | SubmitInformational of id: StreamId * head: OutboundHead
    /// <summary>The next part of a body.</summary>
    | SubmitData of id: StreamId * data: Octets * endStream: bool
    /// <summary>The trailers, which end the message.</summary>
    | SubmitTrailers of id: StreamId * fields: HeaderField list
    /// <summary>A promised request (server).</summary>
    | SubmitPush of parent: StreamId * fields: HeaderField list
    /// <summary>A request (client).</summary>
    | SubmitRequest of fields: HeaderField list * endStream: bool
    /// <summary>The end of a stream with RST_STREAM.</summary>
    | SubmitReset of id: StreamId * code: ErrorCode
    /// <summary>The priority of a response (client; RFC 9218 §7.1).</summary>
    | SubmitPriority of id: StreamId * fieldValue: Octets
    /// <summary>A PING with its eight octets.</summary>
    | SubmitPing of opaque: uint64
    /// <summary>Settings of ours that change.</summary>
    | SubmitSettings of settings: Setting list * now: int64
    /// <summary>The <c>date</c> field of responses from now on, or none.</summary>
    | SetDate of date: HeaderField option
    /// <summary>The graceful end: GOAWAY, and what is under way is finished.</summary>
    | Shutdown of now: int64
    /// <summary>The end at once, with GOAWAY.</summary>
    | Abort of code: ErrorCode
    /// <summary>So many octets of a body were taken, and the peer may send as many more.</summary>
    | Consume of id: StreamId * octets: int
    /// <summary>How many octets may be unread, 0 for no bound of its own.</summary>
    | BoundUnread of octets: int64
    /// <summary>The application does no more work on a stream that ended abnormally.</summary>
    | Retire of id: StreamId

    /// <summary>The input of a recording as a union.</summary>
    static member OfCore(input: Input) : Http2Input =
        match input with
        | :? Input.Received as i -> Received(i.Octets, i.Now)
        | :? Input.EndOfInput -> EndOfInput
        | :? Input.Disconnected -> Disconnected
        | :? Input.Tick as i -> Tick i.Now
        | :? Input.Drain as i -> Drain i.Budget
        | :? Input.SubmitResponse as i -> SubmitResponse(i.Id, i.Head, i.Body, i.EndStream)
        | :? Input.SubmitInformational as i -> SubmitInformational(i.Id, i.Head)
        | :? Input.SubmitData as i -> SubmitData(i.Id, i.Data, i.EndStream)
        | :? Input.SubmitTrailers as i -> SubmitTrailers(i.Id, List.ofSeq i.Fields)
        | :? Input.SubmitPush as i -> SubmitPush(i.Parent, List.ofSeq i.Fields)
        | :? Input.SubmitRequest as i -> SubmitRequest(List.ofSeq i.Fields, i.EndStream)
        | :? Input.SubmitReset as i -> SubmitReset(i.Id, i.Code)
        | :? Input.SubmitPriority as i -> SubmitPriority(i.Id, i.FieldValue)
        | :? Input.SubmitPing as i -> SubmitPing i.Opaque
        | :? Input.SubmitSettings as i -> SubmitSettings(List.ofSeq i.Settings, i.Now)
        | :? Input.SetDate as i -> SetDate(Option.ofObj i.Date)
        | :? Input.Shutdown as i -> Shutdown i.Now
        | :? Input.Abort as i -> Abort i.Code
        | :? Input.Consume as i -> Consume(i.Id, i.Octets)
        | :? Input.BoundUnread as i -> BoundUnread i.Octets
        | :? Input.Retire as i -> Retire i.Id
        | _ -> raise (ArgumentOutOfRangeException(nameof input, input, "the union of inputs has no such case"))

    /// <summary>The input as <c>Http2.Pure</c> takes it.</summary>
    member this.ToCore() : Input =
        match this with
        | Received(octets, now) -> Input.Received(octets, now)
        | EndOfInput -> Input.EndOfInput()
        | Disconnected -> Input.Disconnected()
        | Tick now -> Input.Tick now
        | Drain budget -> Input.Drain budget
        | SubmitResponse(id, head, body, endStream) -> Input.SubmitResponse(id, head, body, endStream)
        | SubmitInformational(id, head) -> Input.SubmitInformational(id, head)
        | SubmitData(id, data, endStream) -> Input.SubmitData(id, data, endStream)
        | SubmitTrailers(id, fields) -> Input.SubmitTrailers(id, ImmutableArray.CreateRange fields)
        | SubmitPush(parent, fields) -> Input.SubmitPush(parent, ImmutableArray.CreateRange fields)
        | SubmitRequest(fields, endStream) -> Input.SubmitRequest(ImmutableArray.CreateRange fields, endStream)
        | SubmitReset(id, code) -> Input.SubmitReset(id, code)
        | SubmitPriority(id, fieldValue) -> Input.SubmitPriority(id, fieldValue)
        | SubmitPing opaque -> Input.SubmitPing opaque
        | SubmitSettings(settings, now) -> Input.SubmitSettings(ImmutableArray.CreateRange settings, now)
        | SetDate date -> Input.SetDate(Option.toObj date)
        | Shutdown now -> Input.Shutdown now
        | Abort code -> Input.Abort code
        | Consume(id, octets) -> Input.Consume(id, octets)
        | BoundUnread octets -> Input.BoundUnread octets
        | Retire id -> Input.Retire id
