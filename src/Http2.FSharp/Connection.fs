namespace Http2.FSharp

open System.Collections.Immutable
open Hpack.Pure
open Http2.Pure

/// <summary>What one input led to; see <c>Http2.Pure.Step</c>.</summary>
type Outcome =
    { /// <summary>The connection afterwards.</summary>
      State: ConnectionFold
      /// <summary>Octets to send.</summary>
      Output: Octets
      /// <summary>What happened, in order.</summary>
      Events: ConnectionEvent list
      /// <summary>The stream that the input opened or promised.</summary>
      Opened: StreamId option }

/// <summary>Connections as folds (RFC 9113), either end: a state and an input give an outcome, or say why a command was refused.</summary>
[<RequireQualifiedAccess>]
module Connection =
    let private outcome (step: Step) =
        { State = step.State
          Output = step.Output
          Events = List.ofSeq step.Events
          Opened = toOption step.Opened }

    /// <summary>A new connection and the octets it sends first. Times are milliseconds of any monotonic clock.</summary>
    let start (role: Role) (options: ConnectionOptions) (now: int64) : Outcome =
        outcome (Connection.Start(role, options, now))

    /// <summary>The transition for any input, or why a command was refused; then nothing has changed.</summary>
    let submit (input: Input) (state: ConnectionFold) : Result<Outcome, Refusal> =
        Connection.Submit(state, input) |> toResult |> Result.map outcome

    /// <summary>Takes octets from the peer, cut anywhere. The peer's faults are events, so this never fails.</summary>
    let receive (now: int64) (octets: Octets) (state: ConnectionFold) : Outcome =
        outcome (Connection.Step(state, Input.Received(octets, now)))

    /// <summary>Opens a stream with a request without body (client).</summary>
    let request (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Input.SubmitRequest(ImmutableArray.CreateRange fields, true)) state

    /// <summary>Sends a response with a body that is all there (server).</summary>
    let respond (id: StreamId) (status: int) (fields: HeaderField seq) (body: Octets) (state: ConnectionFold) : Result<Outcome, Refusal> =
        let head = OutboundHead(status, ImmutableArray.CreateRange fields, int64 body.Length)
        submit (Input.SubmitResponse(id, head, body, true)) state

    /// <summary>Promises a request (server); the promised stream is <c>Opened</c>.</summary>
    let push (parent: StreamId) (fields: HeaderField seq) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Input.SubmitPush(parent, ImmutableArray.CreateRange fields)) state

    /// <summary>Ends a stream with RST_STREAM.</summary>
    let reset (id: StreamId) (code: ErrorCode) (state: ConnectionFold) : Result<Outcome, Refusal> =
        submit (Input.SubmitReset(id, code)) state
