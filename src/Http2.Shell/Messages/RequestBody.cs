using System.Buffers;
using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>
/// The body of a request as a pipe: the owner writes what comes, the handler reads, and what the handler takes is given back to the client
/// as window credit. The windows bound how much is in it.
/// </summary>
internal sealed class RequestBody : PipeReader
{
    // The windows bound what is in the pipe, so it need not. Continuations run where the octets came in, as callbacks do.
    private static readonly PipeOptions Options = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, resumeWriterThreshold: 0,
        useSynchronizationContext: false);

    private readonly Http2Exchange _exchange;
    private readonly Pipe _pipe = new(Options);
    private readonly Lock _ending = new();
    private ReadOnlySequence<byte> _lent;
    private long _received, _taken;
    private bool _ended;

    public RequestBody(Http2Exchange exchange) => _exchange = exchange;

    /// <summary>Adds octets; answers false when nobody reads any more.</summary>
    public bool Write(ReadOnlySpan<byte> octets)
    {
        _received += octets.Length;
        _pipe.Writer.Write(octets);
        var flushed = _pipe.Writer.FlushAsync();
        return flushed.IsCompletedSuccessfully && !flushed.Result.IsCompleted;
    }

    /// <summary>Ends the body, in good order or with a reason. The first end counts.</summary>
    public void End(Exception? reason)
    {
        lock (_ending)
        {
            if (_ended)
                return;
            _ended = true;
        }
        _pipe.Writer.Complete(reason);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!_pipe.Reader.TryRead(out result))
        {
            _exchange.Gate?.Want();
            return false;
        }
        _lent = result.Buffer;
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = _pipe.Reader.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            _exchange.Gate?.Want();
            return Later(read);
        }
        var result = read.Result;
        _lent = result.Buffer;
        return new(result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var octets = _lent.Slice(0, consumed).Length;
        _lent = default;
        _pipe.Reader.AdvanceTo(consumed, examined);
        GiveBack(octets);
    }

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _lent = default;
        _pipe.Reader.Complete(exception);
        GiveBack(Volatile.Read(ref _received) - Volatile.Read(ref _taken));
    }

    private void GiveBack(long octets)
    {
        if (octets <= 0)
            return;
        Volatile.Write(ref _taken, _taken + octets);
        _exchange.Engine.Consume(_exchange, (int)octets);
    }

    private async ValueTask<ReadResult> Later(ValueTask<ReadResult> read)
    {
        var result = await read.ConfigureAwait(false);
        _lent = result.Buffer;
        return result;
    }
}
