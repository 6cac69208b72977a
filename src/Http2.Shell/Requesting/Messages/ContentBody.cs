namespace Http2.Shell;

/// <summary>The content of a request of HttpClient as a body.</summary>
internal sealed class ContentBody
{
    // Smaller contents that lie in memory go out with the head.
    private const int LargestAtOnce = 16 * 1024;

    private readonly bool _isInMemory;
    private volatile bool _hasBegun;

    public ContentBody(HttpContent content)
    {
        _isInMemory = IsInMemory(content);
        var length = content.Headers.ContentLength ?? -1;
        if (_isInMemory && length is >= 0 and <= LargestAtOnce)
            Body = ResponseBody.From(Octets(content, (int)length));
        else if (_isInMemory)
            Body = ResponseBody.From(content.ReadAsStream(), length);
        else
        {
            Body = ResponseBody.Write(
                (writer, cancellation) =>
                {
                    _hasBegun = true;
                    return content.CopyToAsync(writer.AsStream(leaveOpen: true), cancellation);
                },
                length);
        }
    }

    /// <summary>The body.</summary>
    public ResponseBody Body { get; }

    /// <summary>Whether nothing of it was read, or it can be read again.</summary>
    public bool MayBeReadAgain => _isInMemory || !_hasBegun;

    // Those of .NET whose octets are all there; others may be read once.
    private static bool IsInMemory(HttpContent content) =>
        content.GetType() == typeof(ByteArrayContent) || content.GetType() == typeof(StringContent)
        || content.GetType() == typeof(FormUrlEncodedContent) || content.GetType() == typeof(ReadOnlyMemoryContent);

    private static byte[] Octets(HttpContent content, int length)
    {
        var octets = new byte[length];
        using var stream = new MemoryStream(octets);
        content.CopyTo(stream, null, CancellationToken.None);
        return octets;
    }
}
