using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// The protocol core of one connection, of either role: its state, the buffers that it writes and tells to, and the time that it is told.
/// Every input goes in here, through one method each, which records it for a tap that asks for inputs. Belongs to the connection's owner.
/// </summary>
internal sealed class CoreSession
{
    private ConnectionState _state;
    private ConnectionTap? _tap;

    // Lent while an owner runs: see Attach.
    private Effects? _effects;

    /// <summary>The time of the run, in milliseconds: inputs that need a time carry it.</summary>
    public long Now { get; private set; }

    /// <summary>Whether there are buffers to write to.</summary>
    public bool IsAttached => _effects is not null;

    /// <summary>The octets that the core has written and that are not sent yet.</summary>
    public OutputBuffer Output
    {
        get => _effects!.Output;
        set => _effects!.Output = value;
    }

    /// <summary>What the core has told and nobody has been told yet.</summary>
    public List<ConnectionEvent> Events => _effects!.Events;

    /// <summary>Whether a connection error or the end of a graceful shutdown has finished the core: it takes nothing more.</summary>
    public bool IsFinished => Connection.IsFinished(in _state);

    /// <summary>Whether the peer has said GOAWAY and no stream is left.</summary>
    public bool IsLeft => Connection.IsLeft(in _state);

    /// <summary>Whether <see cref="Drain"/> would send something.</summary>
    public bool CanDrain => Connection.CanDrain(in _state);

    /// <summary>When <see cref="Tick"/> must be called at the latest.</summary>
    public long NextDeadline => Connection.NextDeadline(in _state);

    /// <summary>Octets of bodies that have come and that nobody has consumed.</summary>
    public long Unread => Connection.Unread(in _state);

    private bool IsRecorded => _tap is { TakesInputs: true };

    /// <summary>Lends the core its buffers for a run.</summary>
    public void Attach(Effects effects) => _effects = effects;

    /// <summary>Takes the buffers back; null when there are none.</summary>
    public Effects? Detach()
    {
        var effects = _effects;
        _effects = null;
        return effects;
    }

    /// <summary>Says what time it is.</summary>
    /// <param name="now">Milliseconds of the clock that all inputs use.</param>
    public void SetTime(long now) => Now = now;

    /// <summary>Begins the connection: the preface of this end is written.</summary>
    /// <param name="role">Which end this is.</param>
    /// <param name="options">What the core keeps to.</param>
    /// <param name="tap">Who is told of inputs, or null.</param>
    public void Open(Role role, ConnectionOptions options, ConnectionTap? tap)
    {
        _tap = tap;
        _state = Connection.Open(role, options, Now, _effects!);
    }

    /// <summary>Takes one frame, or the peer's preface, from the front of what was received.</summary>
    /// <param name="octets">What was received and not taken yet.</param>
    /// <returns>How many octets were taken; 0 when the frame is not whole, or the connection has ended.</returns>
    public int Receive(ReadOnlyMemory<byte> octets)
    {
        var wasFinished = IsRecorded && IsFinished;
        var consumed = Connection.ReceiveInPlace(ref _state, octets, Now, _effects!);
        if (IsRecorded && !wasFinished)
            RecordReceived(octets.Span, consumed);
        return consumed;
    }

    public void EndOfInput()
    {
        if (IsRecorded)
            Record(new Input.EndOfInput());
        _state = Connection.EndOfInput(in _state, _effects!);
    }

    public void Disconnect()
    {
        if (IsRecorded)
            Record(new Input.Disconnected());
        _state = Connection.Disconnect(in _state, _effects!);
    }

    public void Tick()
    {
        if (IsRecorded)
            Record(new Input.Tick(Now));
        _state = Connection.Tick(in _state, Now, _effects!);
    }

    public void Drain(int budget)
    {
        if (IsRecorded)
            Record(new Input.Drain(budget));
        _state = Connection.Drain(in _state, budget, _effects!);
    }

    public Refusal SubmitResponse(StreamId id, in OutboundHead head, ReadOnlyMemory<byte> body, bool endStream)
    {
        if (IsRecorded)
            Record(new Input.SubmitResponse(id, head, new Octets(body), endStream));
        return Connection.SubmitResponseInPlace(ref _state, id, head, new OutboundBody(body, endStream), _effects!);
    }

    /// <summary>How long a response's body may be to be sent with its head.</summary>
    public int RoomAtOnce(StreamId id) => Connection.RoomAtOnce(in _state, id);

    /// <summary>
    /// Sends a whole response with room for a body that <paramref name="fill"/> writes where it goes, without a copy. When it cannot,
    /// everything is as if nothing had been asked, and nothing is recorded.
    /// </summary>
    /// <param name="id">The stream.</param>
    /// <param name="head">The head of the response.</param>
    /// <param name="length">The length of the body: 1 to <see cref="RoomAtOnce"/>.</param>
    /// <param name="fill">What fills the room; it answers whether it has.</param>
    /// <param name="isFilled">Whether the room was filled; true when the response was refused before that.</param>
    public Refusal SubmitInPlace(StreamId id, in OutboundHead head, int length, IBodyFill fill, out bool isFilled)
    {
        var (octets, events) = (Output.Length, Events.Count);
        var refusal = Connection.ReserveResponse(in _state, id, head, length, _effects!, out var reserved);
        isFilled = refusal != Refusal.None || fill.TryFill(reserved.Body);
        if (refusal != Refusal.None)
            return refusal;
        if (!isFilled)
        {
            Output.Truncate(octets);
            Events.RemoveRange(events, Events.Count - events);
            return refusal;
        }
        if (IsRecorded)
            Record(new Input.SubmitResponse(id, head, Joined(reserved.Body), EndStream: true));
        _state = reserved.Next;
        return refusal;
    }

    public Refusal SubmitInformational(StreamId id, in OutboundHead head)
    {
        if (IsRecorded)
            Record(new Input.SubmitInformational(id, head));
        return Connection.SubmitInformational(in _state, id, head, _effects!, out _state);
    }

    public Refusal SubmitRequest(ImmutableArray<HeaderField> fields, bool endStream, out StreamId id)
    {
        if (IsRecorded)
            Record(new Input.SubmitRequest(fields, endStream));
        return Connection.SubmitRequestInPlace(ref _state, fields.AsSpan(), endStream, _effects!, out id);
    }

    public Refusal SubmitRequest(PreparedRequest request, bool endStream, out StreamId id)
    {
        if (IsRecorded)
            Record(new Input.SubmitRequest(request.Fields, endStream));
        return Connection.SubmitRequestInPlace(ref _state, request, endStream, _effects!, out id);
    }

    public Refusal SubmitData(StreamId id, ReadOnlyMemory<byte> data, bool endStream)
    {
        if (IsRecorded)
            Record(new Input.SubmitData(id, new Octets(data), endStream));
        return Connection.SubmitData(in _state, id, data, endStream, _effects!, out _state);
    }

    public Refusal SubmitTrailers(StreamId id, ImmutableArray<HeaderField> fields)
    {
        if (IsRecorded)
            Record(new Input.SubmitTrailers(id, fields));
        return Connection.SubmitTrailers(in _state, id, fields.AsSpan(), _effects!, out _state);
    }

    /// <summary>Whether <see cref="SubmitPush"/> would be carried out: None, or why not.</summary>
    public Refusal CanPush(StreamId parent) => Connection.CanPush(in _state, parent);

    public Refusal SubmitPush(StreamId parent, ImmutableArray<HeaderField> fields, out StreamId promised)
    {
        if (IsRecorded)
            Record(new Input.SubmitPush(parent, fields));
        return Connection.SubmitPush(in _state, parent, fields.AsSpan(), _effects!, out promised, out _state);
    }

    public void SubmitReset(StreamId id, ErrorCode code)
    {
        if (IsRecorded)
            Record(new Input.SubmitReset(id, code));
        Connection.SubmitReset(in _state, id, code, _effects!, out _state);
    }

    public Refusal SubmitPriority(StreamId id, ReadOnlyMemory<byte> fieldValue)
    {
        if (IsRecorded)
            Record(new Input.SubmitPriority(id, new Octets(fieldValue)));
        return Connection.SubmitPriority(in _state, id, fieldValue.Span, _effects!, out _state);
    }

    public void SubmitPing(ulong opaque)
    {
        if (IsRecorded)
            Record(new Input.SubmitPing(opaque));
        _state = Connection.SubmitPing(in _state, opaque, _effects!);
    }

    public Refusal SubmitSettings(ImmutableArray<Setting> settings)
    {
        if (IsRecorded)
            Record(new Input.SubmitSettings(settings, Now));
        return Connection.SubmitSettings(in _state, settings.AsSpan(), Now, _effects!, out _state);
    }

    public void SetDate(HeaderField? date)
    {
        if (IsRecorded)
            Record(new Input.SetDate(date));
        Connection.SetDate(in _state, date, out _state);
    }

    public void Shutdown()
    {
        if (IsRecorded)
            Record(new Input.Shutdown(Now));
        _state = Connection.Shutdown(in _state, Now, _effects!);
    }

    public void Abort(ErrorCode code)
    {
        if (IsRecorded)
            Record(new Input.Abort(code));
        _state = Connection.Abort(in _state, code, _effects!);
    }

    public void Consume(StreamId id, int octets)
    {
        if (IsRecorded)
            Record(new Input.Consume(id, octets));
        Connection.ConsumeInPlace(ref _state, id, octets, _effects!);
    }

    public void BoundUnread(long octets)
    {
        if (IsRecorded)
            Record(new Input.BoundUnread(octets));
        _state = Connection.BoundUnread(in _state, octets, _effects!);
    }

    public void Retire(StreamId id)
    {
        if (IsRecorded)
            Record(new Input.Retire(id));
        _state = Connection.Retire(in _state, id);
    }

    /// <summary>Octets of a stream's body that were submitted and have not gone out.</summary>
    public long Queued(StreamId id) => Connection.Queued(in _state, id);

    /// <summary>Whether flow control lets the peer send a body on the stream, of which so many octets may have been read and not credited.</summary>
    public bool MayPeerSend(StreamId id, long heldBack) => Connection.MayPeerSend(in _state, id, heldBack);

    private void Record(Input input) => _tap!.Input(input);

    // A frame that the core took; or, when it took none but ended the connection over what it saw of one, that.
    private void RecordReceived(ReadOnlySpan<byte> octets, int consumed)
    {
        if (consumed > 0)
            octets = octets[..consumed];
        else if (!IsFinished)
            return;
        Record(new Input.Received(Octets.Copy(octets), Now));
    }

    private static Octets Joined(in ReservedBody room)
    {
        var joined = new byte[room.Length];
        for (int part = 0, at = 0; part < room.Count; at += room[part].Length, part++)
            room[part].Span.CopyTo(joined.AsSpan(at));
        return new Octets(joined);
    }
}
