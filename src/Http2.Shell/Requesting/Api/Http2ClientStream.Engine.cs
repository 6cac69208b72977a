using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using Http2.Pure;

namespace Http2.Shell;

/// <content>How the engine drives a stream of tasks. None of this calls user code: what waits goes on on the thread pool.</content>
public sealed partial class Http2ClientStream
{
    private static readonly PipeOptions BodyOptions = IncomingBody.OptionsFor(PipeScheduler.ThreadPool, segment: 16 * 1024);

    // What is held back of a window costs no speed, and each credit that is given costs a turn of the connection.
    private const int HeldBackPart = 8;

    private CancellationToken _cancellation;

    /// <summary>Whether the request had no body, so that nothing is left to do when the response has come. Owner only.</summary>
    private bool HasSentAll => IsSent;

    internal override long CreditHeldBack => Engine.Host.Limits.Connection.InitialStreamWindow / HeldBackPart;

    internal override long WaitedForBody(long now, out bool isRunning)
    {
        isRunning = false;
        return ExtrasOrNone is { } extras && Volatile.Read(ref extras.Body) is IncomingBody body ? body.Waited(now, out isRunning) : 0;
    }

    /// <summary>From here on the stream is reset when the token is cancelled. Called before the request is sent.</summary>
    internal void CancelWith(CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
            return;
        _cancellation = cancellation;
        Extras.Cancellation = cancellation.UnsafeRegister(static stream => ((Http2ClientStream)stream!).Cancel(), this);
    }

    /// <summary>The token does not end the stream any more. Any thread.</summary>
    internal void ForgetCancellation() => ExtrasOrNone?.Cancellation.Unregister();

    /// <summary>Completes when the stream is opened; made before the request is sent.</summary>
    internal Task WaitOpened()
    {
        Extras.Opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Extras.Opened.Task;
    }

    /// <summary>All octets of the body when they came at once and nobody reads them yet; the body counts as read then.</summary>
    internal bool TryTakeWhole(out ReadOnlySequence<byte> octets)
    {
        octets = default;
        if (!IsReceived || Volatile.Read(ref Extras.Body) is PipeReader)
            return false;
        octets = new ReadOnlySequence<byte>(Extras.Body as byte[] ?? []);
        return true;
    }

    internal override void DeliverOpened() => ExtrasOrNone?.Opened?.TrySetResult();

    internal override bool DeliverHead(bool isWhole)
    {
        if (isWhole)
            IsReceived = true;
        // Whoever asks for the head now must see it, or be seen here.
        Interlocked.MemoryBarrier();
        if (ExtrasOrNone is not { } extras)
            return true;
        Volatile.Read(ref extras.Headed)?.TrySetResult();
        Volatile.Read(ref extras.Response)?.TrySetResult(Head);
        Volatile.Read(ref extras.Informationals)?.Writer.TryComplete();
        return true;
    }

    internal override bool DeliverInformational(Http2ResponseHead head)
    {
        OpenInformational().Writer.TryWrite(head);
        return true;
    }

    internal override bool DeliverData(ReadOnlyMemory<byte> data, bool isLast)
    {
        var extras = Extras;
        var there = Volatile.Read(ref extras.Body);
        if (there is null && isLast)
        {
            // A small body needs no pipe.
            there = Interlocked.CompareExchange(ref extras.Body, data.ToArray(), null);
            if (there is null)
            {
                if (!HasSentAll)
                    Engine.Commands.Consume(this, data.Length);
                return true;
            }
        }
        if (!((there ?? OpenBody()) is IncomingBody body && body.Write(data.Span)))
            Engine.Commands.Consume(this, data.Length);
        return true;
    }

    internal override bool DeliverDone()
    {
        IsReceived = true;
        // Whoever opens the body now must see that, or be seen here.
        Interlocked.MemoryBarrier();
        (ExtrasOrNone?.Body as IncomingBody)?.End(null);
        return true;
    }

    internal override bool DeliverClosed(ErrorCode code, Exception? failure)
    {
        TellClosed();
        if (ExtrasOrNone is not { } extras)
            return true;
        extras.Cancellation.Unregister();
        var body = Volatile.Read(ref extras.Body) as IncomingBody;
        body?.Close();
        if (!IsReceived)
            body?.End(failure ?? FailureNow());
        if (extras.Opened is { Task.IsCompleted: false } opened)
            opened.TrySetException(failure ?? FailureNow());
        if (Volatile.Read(ref extras.Headed) is { Task.IsCompleted: false } headed)
            Fail(headed, failure ?? FailureNow());
        if (Volatile.Read(ref extras.Response) is { Task.IsCompleted: false } response)
            Fail(response, failure ?? FailureNow());
        Volatile.Read(ref extras.Informationals)?.Writer.TryComplete();
        Volatile.Read(ref extras.Pushes)?.Writer.TryComplete();
        return true;
    }

    internal override Http2ClientExchange? TakePush() => Request.TakesPushes ? new Http2ClientStream() : null;

    internal override bool DeliverPush(Http2ClientExchange pushed)
    {
        OpenPushes().Writer.TryWrite((Http2ClientStream)pushed);
        return true;
    }

    // A reader that has had enough of a response that is still on its way tells the server so.
    internal override void OnReaderDone()
    {
        if (!IsReceived)
            Reset(ErrorCode.Cancel);
    }

    private void Cancel()
    {
        Failure = new OperationCanceledException(_cancellation);
        Reset(ErrorCode.Cancel);
    }

    private Exception FailureNow() => Failure ?? StreamFailure.Of(this);

    private static void Fail(TaskCompletionSource<Http2ResponseHead> response, Exception failure)
    {
        if (failure is OperationCanceledException cancelled)
            response.TrySetCanceled(cancelled.CancellationToken);
        else
            response.TrySetException(failure);
        // It need not be awaited by anybody.
        _ = response.Task.Exception;
    }

    private static void Fail(TaskCompletionSource headed, Exception failure)
    {
        if (failure is OperationCanceledException cancelled)
            headed.TrySetCanceled(cancelled.CancellationToken);
        else
            headed.TrySetException(failure);
        _ = headed.Task.Exception;
    }

    // The reader may ask first, or the first octets may come first, on different threads.
    private PipeReader OpenBody()
    {
        var extras = Extras;
        var there = Volatile.Read(ref extras.Body);
        if (there is byte[] octets)
        {
            // Whoever comes first; a body has one reader.
            var whole = PipeReader.Create(new ReadOnlySequence<byte>(octets));
            there = Interlocked.CompareExchange(ref extras.Body, whole, octets) == octets ? whole : extras.Body;
        }
        if (there is PipeReader reader)
            return reader;
        var fresh = new IncomingBody(this, BodyOptions, (int)CreditHeldBack);
        if (Interlocked.CompareExchange(ref extras.Body, fresh, null) is not null)
            return OpenBody();
        // The end may have come between the look and the exchange.
        if (IsReceived)
            fresh.End(null);
        else if (IsClosed)
            fresh.End(FailureNow());
        return fresh;
    }

    // Whether no more comes is asked once the channel is there for the owner to see: the end may come in between.
    private Channel<Http2ResponseHead> OpenInformational()
    {
        var channel = Opened(ref Extras.Informationals);
        if (HasResponse || IsClosed)
            channel.Writer.TryComplete();
        return channel;
    }

    private Channel<Http2ClientStream> OpenPushes()
    {
        var channel = Opened(ref Extras.Pushes);
        if (IsClosed)
            channel.Writer.TryComplete();
        return channel;
    }

    private static Channel<T> Opened<T>(ref Channel<T>? place)
    {
        if (Volatile.Read(ref place) is { } there)
            return there;
        var fresh = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        return Interlocked.CompareExchange(ref place, fresh, null) ?? fresh;
    }
}
