using System.IO.Pipelines;
using System.Net;

namespace Http2.Shell;

/// <summary>The body of a response as the content of one of HttpClient.</summary>
/// <param name="stream">The response.</param>
/// <param name="response">Whose content it is: it gets the trailers when the body has been read.</param>
internal sealed class ResponseContent(Http2ClientStream stream, HttpResponseMessage response) : StreamedContent
{
    protected override Task SerializeToStreamAsync(Stream target, TransportContext? context) =>
        SerializeToStreamAsync(target, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream target, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!stream.TryTakeWhole(out var octets))
            return CopyAsync(target, cancellationToken);
        ResponseMessage.AddTrailers(stream, response);
        return octets.IsSingleSegment ? target.WriteAsync(octets.First, cancellationToken).AsTask() : CopyAsync(target, cancellationToken);
    }

    protected override void SerializeToStream(Stream target, TransportContext? context, CancellationToken cancellationToken)
    {
        using var body = Open();
        body.CopyTo(target);
    }

    protected override Stream Open() => new ResponseStream(stream, response);

    // Whoever gives the response up wants no more of it.
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            stream.OnReaderDone();
        base.Dispose(disposing);
    }

    private async Task CopyAsync(Stream target, CancellationToken cancellation)
    {
        try
        {
            await stream.Body.CopyToAsync(target, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (MessageFailure.OfBody(failure) is { } told)
        {
            throw told;
        }
        ResponseMessage.AddTrailers(stream, response);
    }
}
