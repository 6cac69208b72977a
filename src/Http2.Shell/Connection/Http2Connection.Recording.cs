using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <content>
/// What goes into the core, for taps that ask for it: every transition that changes the state is told as the input it stands for, in order,
/// so that the inputs replay the connection.
/// </content>
internal sealed partial class Http2Connection
{
    private ConnectionTap? _tap;

    private bool IsRecorded => _tap is { TakesInputs: true };

    private void Record(Input input) => _tap!.Input(input);

    /// <summary>
    /// A frame that the core took; or, when it took none but ended the connection over what it saw of one, that.
    /// </summary>
    private void RecordReceived(ReadOnlySpan<byte> octets, int consumed)
    {
        if (consumed > 0)
            octets = octets[..consumed];
        else if (!Connection.IsFinished(in _state))
            return;
        Record(new Input.Received(Octets.Copy(octets), _now));
    }

    internal Misuse SubmitData(Http2Exchange exchange, ReadOnlyMemory<byte> data, bool endStream)
    {
        if (IsRecorded)
            Record(new Input.SubmitData(exchange.StreamId, new Octets(data), endStream));
        return Connection.SubmitData(in _state, exchange.StreamId, data, endStream, Effects, out _state);
    }

    internal Misuse SubmitTrailers(Http2Exchange exchange, Http2Headers trailers)
    {
        if (IsRecorded)
            Record(new Input.SubmitTrailers(exchange.StreamId, trailers.Fields));
        return Connection.SubmitTrailers(in _state, exchange.StreamId, trailers.Fields.AsSpan(), Effects, out _state);
    }

    private Misuse Submit(StreamId id, in OutboundHead head, ReadOnlyMemory<byte> body, bool endStream)
    {
        if (IsRecorded)
            Record(new Input.SubmitResponse(id, head, new Octets(body), endStream));
        return Connection.SubmitResponse(in _state, id, head, body, endStream, Effects, out _state);
    }

    private void SubmitReset(StreamId id, ErrorCode code)
    {
        if (IsRecorded)
            Record(new Input.SubmitReset(id, code));
        Connection.SubmitReset(in _state, id, code, Effects, out _state);
    }

    private void SubmitPing(ulong octets)
    {
        if (IsRecorded)
            Record(new Input.SubmitPing(octets));
        _state = Connection.SubmitPing(in _state, octets, Effects);
    }

    private void ConsumeNow(StreamId id, int octets)
    {
        Memory.Move(octets);
        if (IsRecorded)
            Record(new Input.Consume(id, octets));
        _state = Connection.Consume(in _state, id, octets, Effects);
    }

    private void RetireNow(StreamId id)
    {
        if (IsRecorded)
            Record(new Input.Retire(id));
        _state = Connection.Retire(in _state, id);
    }
}
