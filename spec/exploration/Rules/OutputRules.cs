using System.Buffers.Binary;
using Http2.Pure;
using static Http2.Pure.StreamState;

namespace Http2.Exploration;

/// <summary>
/// What may be sent in one step: whole frames that the peer can take, in states that allow them, within windows; and the windows afterwards are
/// those before less what was sent and more what was given. One object judges one step.
/// </summary>
internal sealed class OutputRules(TracedStep step)
{
    private ulong _ended;
    private ulong _reset;
    private ulong _opened;
    private long _sent;
    private long _given;
    private int _settingsAnswers;
    private int _pingAnswers;
    private uint _block;
    private long _last = step.Old.Closing.Sent?.Last.Value ?? WireConstants.MaxStreamId;
    private bool _isLast;

    /// <summary>What is wrong with the output of a step, or null.</summary>
    public static string? Judge(TracedStep step) => step.Old.Phase == Phase.Finished ? null : new OutputRules(step).Judge();

    private string? Judge()
    {
        var octets = step.Step.Output.Span;
        while (!octets.IsEmpty)
        {
            if (octets.Length < FrameHeader.Size || octets.Length < FrameHeader.Size + FrameHeader.Parse(octets).Length)
                return "a broken frame is sent";
            var header = FrameHeader.Parse(octets);
            if (OfFrame(header, octets.Slice(FrameHeader.Size, header.Length)) is { } wrong)
                return wrong;
            octets = octets[(FrameHeader.Size + header.Length)..];
        }
        return _block != 0 ? "a field block is not ended" : Answers() ?? (step.New.Phase == Phase.Finished ? null : Windows());
    }

    private string? OfFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Length > Math.Max(step.Old.Peer.MaxFrameSize, step.New.Peer.MaxFrameSize))
            return $"a frame of {header.Length} octets is sent";
        if (_block != 0 && (header.Type != FrameType.Continuation || header.StreamId.Value != _block))
            return "a field block is interrupted";
        if (_isLast && header.Type is FrameType.Data or FrameType.Headers && step.New.Phase == Phase.Finished && step.IsFault)
            return $"{header.Type} is sent behind the GOAWAY of a fault";
        return header.Type switch
        {
            FrameType.Data => OfData(header),
            FrameType.Headers => OfHeaders(header),
            FrameType.Continuation => OfContinuation(header),
            FrameType.RstStream => OfReset(header.StreamId, payload),
            FrameType.PushPromise => OfPromise(header, payload),
            FrameType.WindowUpdate => OfUpdate(header.StreamId, payload),
            FrameType.GoAway => OfGoAway(payload),
            FrameType.Settings when header.Has(FrameFlags.Ack) => Count(ref _settingsAnswers),
            FrameType.Ping when header.Has(FrameFlags.Ack) => Count(ref _pingAnswers),
            FrameType.Settings or FrameType.Ping => null,
            _ => $"{header.Type} is sent",
        };
    }

    private static string? Count(ref int answers)
    {
        answers++;
        return null;
    }

    private string? OfData(in FrameHeader header)
    {
        var (id, state) = (header.StreamId, StateOf(header.StreamId));
        if (IsOver(id) || !MaySend(id, state))
            return $"DATA on {id}, which is {state}";
        var offset = step.Old.Streams.Find(id)?.Outgoing.Offset.Octets ?? 0;
        _sent += header.Length;
        if (header.Length > 0 && header.Length > Math.Max(0, offset + step.Old.Peer.InitialWindow))
            return $"DATA on {id} beyond its window";
        return End(header);
    }

    private string? OfHeaders(in FrameHeader header)
    {
        var (id, state) = (header.StreamId, StateOf(header.StreamId));
        if (IsOver(id) || !MaySend(id, state))
            return $"HEADERS on {id}, which is {state}";
        _block = header.Has(FrameFlags.EndHeaders) ? 0 : id.Value;
        return End(header);
    }

    private string? OfContinuation(in FrameHeader header)
    {
        if (_block == 0)
            return "CONTINUATION without a block";
        _block = header.Has(FrameFlags.EndHeaders) ? 0 : _block;
        return null;
    }

    private string? OfReset(StreamId id, ReadOnlySpan<byte> payload)
    {
        var state = StateOf(id);
        // a stream that the peer opens in this very step was idle before it
        var fresh = state == Idle && Connection.StateOf(step.Step.State.State, id) != Idle;
        if (payload.Length != sizeof(uint) || id.IsConnection || (_reset & OpenStreams.Bit(id)) != 0 || state.IsClosed() || (state == Idle && !fresh))
            return $"RST_STREAM on {id}, which is {state}";
        _reset |= OpenStreams.Bit(id);
        return null;
    }

    private string? OfPromise(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var promised = new StreamId(BinaryPrimitives.ReadUInt32BigEndian(payload));
        if (step.Old.Role != Role.Server || StateOf(header.StreamId) is not (Open or HalfClosedRemote) || StateOf(promised) != Idle)
            return $"a promise of {promised} on {header.StreamId}";
        _opened |= OpenStreams.Bit(promised);
        _block = header.Has(FrameFlags.EndHeaders) ? 0 : header.StreamId.Value;
        return null;
    }

    private string? OfUpdate(StreamId id, ReadOnlySpan<byte> payload)
    {
        var increment = BinaryPrimitives.ReadUInt32BigEndian(payload);
        if (increment is 0 or > WireConstants.MaxWindow)
            return $"WINDOW_UPDATE by {increment}";
        if (id.IsConnection)
            _given += increment;
        else if (StateOf(id) is not (Open or HalfClosedLocal or ReservedRemote))
            return $"WINDOW_UPDATE on {id}, which is {StateOf(id)}";
        return null;
    }

    private string? OfGoAway(ReadOnlySpan<byte> payload)
    {
        var last = BinaryPrimitives.ReadUInt32BigEndian(payload);
        if (last > _last)
            return $"GOAWAY grows from {_last} to {last}";
        (_last, _isLast) = (last, true);
        return null;
    }

    private string? End(in FrameHeader header)
    {
        if (header.Has(FrameFlags.EndStream))
            _ended |= OpenStreams.Bit(header.StreamId);
        return null;
    }

    /// <summary>§6.5.3, §6.7: every SETTINGS and PING that is taken has one answer, and nothing else has.</summary>
    private string? Answers()
    {
        var isTaken = step is { Frame: { } frame, IsFault: false } && !frame.Has(FrameFlags.Ack) && !step.Old.Closing.InputEnded;
        var settings = isTaken && step.Frame!.Value.Type == FrameType.Settings ? 1 : 0;
        var pings = isTaken && step.Frame!.Value.Type == FrameType.Ping ? 1 : 0;
        return settings == _settingsAnswers && pings == _pingAnswers
            ? null
            : $"{settings} SETTINGS have {_settingsAnswers} answers, {pings} PING {_pingAnswers}";
    }

    private string? Windows()
    {
        var taken = step.Frame is not null && !step.Old.Closing.InputEnded;
        var spent = taken && step.Frame!.Value.Type == FrameType.Data ? step.Frame.Value.Length : 0;
        var gained = taken && !step.IsFault && step.Frame!.Value is { Type: FrameType.WindowUpdate, StreamId.IsConnection: true }
            ? BinaryPrimitives.ReadUInt32BigEndian(step.Payload)
            : 0;
        if (step.New.Flow.Send.Octets != step.Old.Flow.Send.Octets - _sent + gained)
            return "the connection's send window is not what was sent and gained";
        return step.New.Flow.Receive.Octets != step.Old.Flow.Receive.Octets - spent + _given
            ? "the connection's receive window is not what came and was given"
            : null;
    }

    private bool IsOver(StreamId id) => ((_ended | _reset) & OpenStreams.Bit(id)) != 0;

    private StreamState StateOf(StreamId id) => Connection.StateOf(step.Before.Fold.State, id);

    // a stream that this step opens was idle before it
    private bool MaySend(StreamId id, StreamState state) =>
        state is Open or HalfClosedRemote or ReservedLocal
        || (state == Idle && (Connection.StateOf(step.Step.State.State, id) != Idle || (_opened & OpenStreams.Bit(id)) != 0));
}
