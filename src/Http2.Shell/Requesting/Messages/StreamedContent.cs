namespace Http2.Shell;

/// <summary>The content of a response of HttpClient whose octets are read from a stream while they come, so that their number is not known.</summary>
internal abstract class StreamedContent : HttpContent
{
    /// <summary>The stream that the content is read from.</summary>
    protected abstract Stream Open();

    protected sealed override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Open());

    protected sealed override Stream CreateContentReadStream(CancellationToken cancellationToken) => Open();

    protected sealed override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
