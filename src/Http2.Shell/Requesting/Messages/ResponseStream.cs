namespace Http2.Shell;

/// <summary>The body of a response as a stream of HttpClient: it fails as those do, and its end brings the trailers.</summary>
/// <param name="stream">The response.</param>
/// <param name="response">What gets the trailers.</param>
internal sealed class ResponseStream(Http2ClientStream stream, HttpResponseMessage response) : ReadingStream
{
    private readonly Stream _body = stream.BodyStream;
    private bool _hasEnded;

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
