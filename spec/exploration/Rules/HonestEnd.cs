using System.Globalization;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// No state is a trap: from here on both ends are honest, and every stream that is open comes to its proper end. The peer ends the block it has
/// begun, acknowledges settings, gives credit, sends the rest of its bodies and the heads that are due, all within its windows; the application
/// reads, answers, and opens its windows again when it had closed them. One object follows one such end.
/// </summary>
internal sealed class HonestEnd
{
    private const int Rounds = 3;
    private const uint Window = 1000;
    private readonly Situation _at;
    private ConnectionFold _fold;
    private ulong _ended;
    private string? _wrong;

    private HonestEnd(Situation at) => (_at, _fold) = (at, at.Fold);

    private Core Core => _fold.State.Core;

    private bool PeerIsGone => Core.Closing.InputEnded;

    /// <summary>What is wrong with a state, or null.</summary>
    public static string? Judge(Situation at) => Connection.IsFinished(at.Fold.State) ? null : new HonestEnd(at).Judge();

    private string? Judge()
    {
        // A peer that cannot end its block without a fault is not honest any more.
        if (Core.Block is { Block: var block } && !TryEnd(block))
            return null;
        var open = OpenStreams.Of(Core);
        _ended = 0;
        for (var round = 0; round < Rounds && _wrong is null && !Connection.IsFinished(_fold.State); round++)
            Round();
        if (_wrong is not null)
            return $"honest ends cannot finish: {_wrong}";
        return (open & ~_ended) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"honest ends cannot finish streams {open & ~_ended:b}");
    }

    private bool TryEnd(HeaderBlock block)
    {
        var begun = Convert.ToHexStringLower(block.Join().Span);
        var isHead = _at.Fold.State.Role == Role.Server || !block.Promised.IsConnection;
        var whole = isHead ? PeerFrames.Get : Core.Streams.Find(block.StreamId) is { Response: ResponseStage.Awaited } ? PeerFrames.Ok : PeerFrames.Trailers;
        if (!whole.StartsWith(begun, StringComparison.Ordinal))
            return false;
        var prefix = begun.Length == 0 ? SizeUpdate : "";
        Receive(PeerFrames.Of(FrameType.Continuation, PeerFrames.EndHeaders, block.StreamId.Value, prefix + whole[begun.Length..]));
        var isFine = _wrong is null;
        _wrong = null;
        return isFine && !Connection.IsFinished(_fold.State);
    }

    private void Round()
    {
        if (Core.Ours.Latest.InitialWindow < Window)
            Do(new Input.SubmitSettings([new(SettingId.InitialWindowSize, Window)], _at.Now));
        while (!PeerIsGone && Core.Ours.InFlight.Count > 0 && _wrong is null)
            Receive(PeerFrames.Of(FrameType.Settings, PeerFrames.Ack, 0));
        for (var id = 1u; id <= Math.Max(Core.Streams.HighestOwn.Value, Core.Streams.HighestPeer.Value); id++)
        {
            Read(new(id));
            Send(new(id));
            if (!PeerIsGone)
                Widen(new(id));
            Do(new Input.Drain(int.MaxValue));
            if (!PeerIsGone)
                BeSent(new(id));
        }
    }

    private void Read(StreamId id)
    {
        if (Connection.Unconsumed(_fold.State, id) > 0)
            Do(new Input.Consume(id, int.MaxValue));
    }

    private void Send(StreamId id)
    {
        if (!Connection.StateOf(_fold.State, id).CanSend())
            return;
        var stream = Core.Streams.Find(id);
        if (_at.Fold.State.Role == Role.Server && (stream is null || stream.Response == ResponseStage.Awaited))
            Do(new Input.SubmitResponse(id, new OutboundHead(200, []), default, true));
        else if (stream is { Outgoing.End: null })
            Do(new Input.SubmitData(id, new Octets(new byte[Math.Max(0, stream.Outgoing.Left.OctetsOrMinusOne)]), true));
    }

    /// <summary>The peer gives as much credit as the queue of a stream needs.</summary>
    private void Widen(StreamId id)
    {
        if (Core.Streams.Find(id) is not { Outgoing: { Queue.IsEmpty: false } outgoing })
            return;
        if (Core.Flow.Send.Room < outgoing.Queue.Length)
            Receive(PeerFrames.Number(FrameType.WindowUpdate, 0, (uint)outgoing.Queue.Length));
        var lacks = outgoing.Queue.Length - outgoing.Offset.Grow(Core.Peer.InitialWindow).Octets;
        if (lacks > 0)
            Receive(PeerFrames.Number(FrameType.WindowUpdate, id.Value, (uint)lacks));
    }

    /// <summary>The peer sends what is left of its message.</summary>
    private void BeSent(StreamId id)
    {
        if (Core.Streams.Find(id) is not { } stream || !(stream.State.CanReceive() || stream.State == StreamState.ReservedRemote))
            return;
        if (_at.Fold.State.Role == Role.Client && stream.Response == ResponseStage.Awaited)
            Receive(PeerFrames.Headers(id.Value, SizeUpdate + PeerFrames.Ok, end: true));
        else
            Receive(PeerFrames.Data(id.Value, stream.Response == ResponseStage.WithoutBody ? 0 : (int)Math.Max(0, stream.Incoming.Left.OctetsOrMinusOne), end: true));
    }

    // RFC 7541 §4.2: after the table was made smaller the next block begins by saying so
    private string SizeUpdate => Core.Decoder.OwesSizeUpdate ? "20" : "";

    private void Receive(byte[] octets) => Do(new Input.Received(new Octets(octets), _at.Now));

    private void Do(Input input)
    {
        if (_wrong is not null || Connection.IsFinished(_fold.State))
            return;
        if (!Connection.TrySubmit(_fold, input, out var step, out var refusal))
        {
            _wrong = $"{input} is refused, {refusal}";
            return;
        }
        _fold = step.State;
        foreach (var happened in step.Events)
        {
            if (happened is ConnectionEvent.StreamFaulted or ConnectionEvent.ConnectionFaulted)
                _wrong = $"{input} is answered by {happened}";
            if (happened is not ConnectionEvent.StreamClosed closed)
                continue;
            _ended |= OpenStreams.Bit(closed.Id);
            // Without the peer no window grows, so a body that waits for one is given up.
            if (closed.Abnormal && !PeerIsGone)
                _wrong = $"stream {closed.Id} is closed with {closed.Code}";
        }
    }
}
