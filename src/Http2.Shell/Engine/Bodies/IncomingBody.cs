using System.Buffers;
using System.IO.Pipelines;

namespace Http2.Shell;

/// <summary>
/// The body that the peer sends, as a pipe: the owner writes what comes, the application reads. The peer gets credit for what the reader takes,
/// and for what it looks at and leaves there because it waits for more (<see cref="LookAhead"/>): a reader that waits never waits for credit.
/// The windows bound the rest of what is in the pipe.
/// </summary>
internal sealed class IncomingBody : PipeReader
{
    // Less than this is kept back while the reader has something to read: it would make the client send tiny frames.
    private const int WorthTelling = 8 * 1024;

    private readonly Http2Stream _stream;
    private readonly int _heldBack;
    private readonly Pipe _pipe;
    private readonly Lock _gate = new();
    private long _received;
    private bool _ended, _closed;

    // The reader's own: what it was lent, and how far it has come, in octets of the body.
    private ReadOnlySequence<byte> _lent;
    private long _taken, _examined, _credited;

    // What the reader is counted with in the connection's LookAhead.
    private long _held;

    // Why nothing can be read any more: a bound that the reader has come to.
    private Exception? _failure;
    private Stream? _asStream;
    private int _isComplete;
    private BodyWait _wait = BodyWait.None;

    /// <param name="stream">Whose body it is.</param>
    /// <param name="options">Where its reader goes on; see <see cref="OptionsFor"/>.</param>
    /// <param name="heldBack">How much credit is held back although the reader has nothing more to read: a small part of the window, or 0.</param>
    public IncomingBody(Http2Stream stream, PipeOptions options, int heldBack = 0)
    {
        _heldBack = heldBack;
        _stream = stream;
        _pipe = new Pipe(options);
    }

    /// <summary>Whether it was read before. Any thread.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>What the pipe of a body needs. The windows bound what is in the pipe, so it need not.</summary>
    /// <param name="reader">Where its reader goes on.</param>
    /// <param name="segment">The least octets that the pipe takes from the pool at a time, or -1 for its own choice.</param>
    public static PipeOptions OptionsFor(PipeScheduler reader, int segment = -1) => new(
        readerScheduler: reader, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, resumeWriterThreshold: 0,
        minimumSegmentSize: segment, useSynchronizationContext: false);

    /// <summary>Adds octets; answers false when nobody reads any more and they are to be credited. Owner only.</summary>
    public bool Write(ReadOnlySpan<byte> octets)
    {
        // The reader has failed, and its handler is about to; until then the client may as well wait.
        if (Volatile.Read(ref _failure) is not null)
            return true;
        if (_stream.BodyLimit is { } limit && !limit.Count(octets.Length))
        {
            End(limit.Passed());
            return true;
        }
        Volatile.Write(ref _received, _received + octets.Length);
        _pipe.Writer.Write(octets);
        var flushed = _pipe.Writer.FlushAsync();
        return flushed.IsCompletedSuccessfully && !flushed.Result.IsCompleted;
    }

    /// <summary>Ends the body, in good order or with a reason. The first end counts. Any thread.</summary>
    public void End(Exception? reason)
    {
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
        }
        _pipe.Writer.Complete(reason);
    }

    /// <summary>The stream is closed: no credit is given any more, and nothing is held of the connection's. Owner only.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Hold(0);
        }
    }

    /// <summary>How long its reader has waited for octets so far, in milliseconds. Any thread.</summary>
    public long Waited(long now, out bool isRunning)
    {
        isRunning = _wait.IsRunning;
        return _wait.Total(now);
    }

    /// <summary>
    /// Begins to read when <paramref name="answer"/> reads this body in order to send it back. Answers false when the body is larger than it may be.
    /// </summary>
    public bool TryBegin(StreamBody answer)
    {
        if (!ReferenceEquals(answer.Stream, _asStream))
            return true;
        Begin();
        return Volatile.Read(ref _failure) is null;
    }

    public override bool TryRead(out ReadResult result)
    {
        Begin();
        ThrowIfFailed();
        if (!_pipe.Reader.TryRead(out result))
        {
            _stream.WantBody();
            return false;
        }
        _lent = result.Buffer;
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Begin();
        ThrowIfFailed();
        var read = _pipe.Reader.ReadAsync(cancellationToken);
        if (!read.IsCompletedSuccessfully)
        {
            _stream.WantBody();
            return Later(read);
        }
        var result = read.Result;
        _lent = result.Buffer;
        return new(result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var (taken, seen) = _lent.IsEmpty ? (0, 0) : (_lent.Slice(0, consumed).Length, _lent.Slice(0, examined).Length);
        _lent = default;
        _pipe.Reader.AdvanceTo(consumed, examined);
        _examined = Math.Max(_examined, _taken + seen);
        _taken += taken;
        GiveCredit();
    }

    public override Stream AsStream(bool leaveOpen = false) => _asStream = new BodyStream(this, leaveOpen);

    /// <summary>
    /// Reads synchronously: the calling thread waits until octets come. When it is the thread of the connection's owner, which would bring them, it
    /// gives the connection to another thread first.
    /// </summary>
    public ReadResult ReadAndWait()
    {
        var read = ReadAsync();
        if (read.IsCompleted)
            return read.GetAwaiter().GetResult();
        var reading = read.AsTask();
        _stream.Engine.Owner.StepAside();
        return reading.GetAwaiter().GetResult();
    }

    public override void CancelPendingRead() => _pipe.Reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        // What comes afterwards is credited as it comes.
        if (Interlocked.Exchange(ref _isComplete, 1) != 0)
            return;
        _lent = default;
        _pipe.Reader.Complete(exception);
        _stream.OnReaderDone();
        _taken = _examined = Volatile.Read(ref _received);
        GiveCredit();
    }

    private void GiveCredit()
    {
        var due = (IsHeld(_examined - _taken) ? _examined : _taken) - _credited;
        if (due <= 0 || due < _heldBack || (due < WorthTelling && _examined < Volatile.Read(ref _received)))
            return;
        _credited += due;
        _stream.Engine.Commands.Consume(_stream, (int)due);
    }

    /// <summary>Whether what was only looked at may be credited: not when a bound forbids it, nor when no more will come.</summary>
    private bool IsHeld(long ahead)
    {
        if (ahead == _held)
            return true;
        lock (_gate)
        {
            if (ahead > _held && (_ended || _closed))
                return false;
            if (Hold(ahead) is not { } refusal)
                return true;
            // What it keeps is of no use any more. Others that wait may go on with the room.
            Volatile.Write(ref _failure, new Http2BodyBufferException(refusal));
            Hold(0);
        }
        _pipe.Reader.Complete();
        return false;
    }

    private string? Hold(long octets)
    {
        if (octets == _held)
            return null;
        var refusal = _stream.Engine.Share.LookAhead.Move(_held, octets);
        if (refusal is null)
            _held = octets;
        return refusal;
    }

    /// <summary>Before the first read: the limit of the body is in force from here on.</summary>
    private void Begin()
    {
        if (HasBegun)
            return;
        HasBegun = true;
        if (_stream.BodyLimit is { } limit && !limit.Begin(_stream.DeclaredLength))
            Volatile.Write(ref _failure, limit.Passed());
    }

    // To wait would be in vain: what is missing does not come.
    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw failure;
    }

    private async ValueTask<ReadResult> Later(ValueTask<ReadResult> read)
    {
        _wait.Begin(_stream.Engine.Host.Now);
        try
        {
            var result = await read.ConfigureAwait(false);
            _lent = result.Buffer;
            return result;
        }
        finally
        {
            _wait.End(_stream.Engine.Host.Now);
        }
    }
}
