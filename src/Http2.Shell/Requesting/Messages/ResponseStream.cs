namespace Http2.Shell;

/// <summary>The body of a response as a stream of HttpClient: it fails as those do, and its end brings the trailers.</summary>
/// <param name="stream">The response.</param>
/// <param name="response">What gets the trailers.</param>
internal sealed class ResponseStream(Http2ClientStream stream, HttpResponseMessage response) : Stream
{
    private readonly Stream _body = stream.BodyStream;
    private bool _hasEnded;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Came(_body.Read(buffer), buffer.Length);
        }
        catch (Exception failure) when (MessageFailure.OfBody(failure) is { } told)
        {
            throw told;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Came(await _body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);
        }
        catch (Exception failure) when (MessageFailure.OfBody(failure) is { } told)
        {
            throw told;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, default), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _body.Dispose();
        base.Dispose(disposing);
    }

    private int Came(int octets, int asked)
    {
        if (octets == 0 && asked > 0 && !_hasEnded)
        {
            _hasEnded = true;
            ResponseMessage.AddTrailers(stream, response);
        }
        return octets;
    }
}
