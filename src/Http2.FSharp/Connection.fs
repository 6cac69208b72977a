namespace Http2.FSharp

open System.Collections.Immutable
open Hpack.Pure
open Http2.Pure

/// <summary>What one input led to; see <c>Http2.Pure.Step</c>.</summary>
[<NoComparison>]
type Outcome =
    { /// <summary>The connection afterwards.</summary>
      State: ConnectionFold
      /// <summary>Octets to send.</summary>
      Output: Octets
      /// <summary>What happened, in order.</summary>
      Events: Http2Event list
      /// <summary>The stream that the input opened or promised.</summary>
      Opened: StreamId option }

/// <summary>
/// Connections as folds (RFC 9113), either end: a state and an input give an outcome, or say why a command was refused. There is a function for
/// each input; those that cannot be refused give an outcome alone. Times are milliseconds of any monotonic clock.
/// </summary>
[<RequireQualifiedAccess>]
module Connection =
    let private outcome (step: Step) =
        { State = step.State
          Output = step.Output
          Events = step.Events |> Seq.map Http2Event.OfCore |> List.ofSeq
          Opened = toOption step.Opened }

    /// <summary>A new connection and the octets it sends first.</summary>
    let start (role: Role) (options: ConnectionOptions) (now: int64) : Outcome =
        outcome (Connection.Start(role, options, now))

    /// <summary>The transition for any input, or why a command was refused; then nothing has changed.</summary>
    let submit (input: Http2Input) (state: ConnectionFold) : Result<Outcome, Refusal> =
        Connection.Submit(state, input.ToCore()) |> toResult |> Result.map outcome

    /// <summary>The transition for any input; a command that is refused changes nothing and has no outcome but the state.</summary>
    let step (input: Http2Input) (state: ConnectionFold) : Outcome =
        outcome (Connection.Step(state, input.ToCore()))

    /// <summary>Takes octets from the peer, cut anywhere. The peer's faults are events, so this never fails.</summary>
    let receive (now: int64) (octets: Octets) (state: ConnectionFold) : Outcome =
        step (Http2Input.Received(octets, now)) state

    /// <summary>The peer will send no more. A server still answers what it was asked for completely.</summary>
    let endOfInput (state: ConnectionFold) : Outcome = step Http2Input.EndOfInput state

    /// <summary>The transport is gone, in both directions: all streams are closed.</summary>
    let disconnect (state: ConnectionFold) : Outcome = step Http2Input.Disconnected state

    /// <summary>Time passed: deadlines are judged.</summary>
    let tick (now: int64) (state: ConnectionFold) : Outcome = step (Http2Input.Tick now) state

    /// <summary>Sends about so many octets of queued bodies, as far as the windows allow.</summary>
    let drain (budget: int) (state: ConnectionFold) : Outcome = step (Http2Input.Drain budget) state

    /// <summary>Opens a stream with a request without body (client); the stream is <c>Opened</c>.</summary>
    let request (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitRequest(List.ofSeq fields, true)) state

    /// <summary>Opens a stream with the head of a request whose body follows with <c>data</c> (client).</summary>
    let requestHead (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitRequest(List.ofSeq fields, false)) state

    /// <summary>Sends a response with a body that is all there (server).</summary>
    let respond (id: StreamId) (status: int) (fields: HeaderField seq) (body: Octets) (state: ConnectionFold) : Result<Outcome, Refusal> =
        let head = OutboundHead(status, ImmutableArray.CreateRange fields, int64 body.Length)
        submit (Http2Input.SubmitResponse(id, head, body, true)) state

    /// <summary>Sends the head of a response whose body follows with <c>data</c> (server).</summary>
    let respondHead (id: StreamId) (status: int) (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        let head = OutboundHead(status, ImmutableArray.CreateRange fields)
        submit (Http2Input.SubmitResponse(id, head, Octets.Empty, false)) state

    /// <summary>Sends a response with status 1xx before the final one (server).</summary>
    let inform (id: StreamId) (status: int) (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitInformational(id, OutboundHead(status, ImmutableArray.CreateRange fields))) state

    /// <summary>Queues the next part of a body; <c>endStream</c> says that it is the last.</summary>
    let data (id: StreamId) (data: Octets) (endStream: bool) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitData(id, data, endStream)) state

    /// <summary>Ends a message with trailers (RFC 9113 §8.1).</summary>
    let trailers (id: StreamId) (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitTrailers(id, List.ofSeq fields)) state

    /// <summary>Promises a request (server); the promised stream is <c>Opened</c>.</summary>
    let push (parent: StreamId) (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitPush(parent, List.ofSeq fields)) state

    /// <summary>Ends a stream with RST_STREAM.</summary>
    let reset (id: StreamId) (code: ErrorCode) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitReset(id, code)) state

    /// <summary>Tells the server the priority of a response (client; RFC 9218 §7.1).</summary>
    let prioritize (id: StreamId) (fieldValue: Octets) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitPriority(id, fieldValue)) state

    /// <summary>Sends a PING with eight octets; the answer is an event.</summary>
    let ping (opaque: uint64) (state: ConnectionFold) : Outcome = step (Http2Input.SubmitPing opaque) state

    /// <summary>Sends SETTINGS; they count for the peer once it has acknowledged them, which is an event.</summary>
    let settings (now: int64) (settings: Setting seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Http2Input.SubmitSettings(List.ofSeq settings, now)) state

    /// <summary>Sets the <c>date</c> field of responses from now on, or none.</summary>
    let setDate (date: HeaderField option) (state: ConnectionFold) : Result<Outcome, Refusal> = submit (Http2Input.SetDate date) state

    /// <summary>Gives octets of a body back, so that the peer may send as many more.</summary>
    let consume (id: StreamId) (octets: int) (state: ConnectionFold) : Outcome = step (Http2Input.Consume(id, octets)) state

    /// <summary>Bounds how many octets may be unread, 0 for no bound of its own.</summary>
    let boundUnread (octets: int64) (state: ConnectionFold) : Outcome = step (Http2Input.BoundUnread octets) state

    /// <summary>Says that the application does no more work on a stream that ended abnormally.</summary>
    let retire (id: StreamId) (state: ConnectionFold) : Outcome = step (Http2Input.Retire id) state

    /// <summary>Begins the graceful end: GOAWAY, and what is under way is finished (RFC 9113 §6.8).</summary>
    let shutdown (now: int64) (state: ConnectionFold) : Outcome = step (Http2Input.Shutdown now) state

    /// <summary>Ends the connection at once, with GOAWAY.</summary>
    let abort (code: ErrorCode) (state: ConnectionFold) : Outcome = step (Http2Input.Abort code) state

    /// <summary>Whether the connection is over: it takes nothing more, and has nothing more to send.</summary>
    let isFinished (state: ConnectionFold) : bool =
        let state = state.State
        Connection.IsFinished &state

/// <summary>Recordings of connections as folds; see <c>Http2.Pure.Recording</c>.</summary>
[<RequireQualifiedAccess>]
module Recording =
    /// <summary>Reads a recording, or says why the octets are none.</summary>
    let decode (octets: Octets) : Result<Recording, RecordingError> = Recording.Decode octets |> toResult

    /// <summary>Everything that happened, in order.</summary>
    let inputs (recording: Recording) : Http2Input list =
        recording.Inputs |> Seq.map Http2Input.OfCore |> List.ofSeq
