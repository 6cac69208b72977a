using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Http2.Shell;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>Several ranges of one file as <c>multipart/byteranges</c> (RFC 9110 §14.6), read part by part.</summary>
internal sealed class MultipartRanges
{
    private const int ChunkSize = 32 * 1024;

    private readonly ImmutableArray<(byte[] Head, ByteRange Range)> _parts;
    private readonly byte[] _end;

    /// <summary>The parts of a file.</summary>
    /// <param name="partType">The media type of the file.</param>
    /// <param name="ranges">The ranges, in the order they are sent.</param>
    /// <param name="total">The length of the file.</param>
    public MultipartRanges(string partType, ImmutableArray<ByteRange> ranges, long total)
    {
        // Random, so that no file can be made to hold it.
        var boundary = Guid.NewGuid().ToString("N");
        ContentType = $"multipart/byteranges; boundary={boundary}";
        _parts =
        [
            .. ranges.Select((range, index) => (
                Encoding.ASCII.GetBytes(
                    $"{(index == 0 ? "" : "\r\n")}--{boundary}\r\ncontent-type: {partType}\r\n"
                    + $"content-range: {range.ContentRange(total)}\r\n\r\n"),
                range)),
        ];
        _end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Length = _parts.Sum(part => part.Head.Length + part.Range.Length) + _end.Length;
    }

    /// <summary>The value of <c>content-type</c>, with the boundary.</summary>
    public string ContentType { get; }

    /// <summary>The length of the whole body in octets.</summary>
    public long Length { get; }

    /// <summary>The body; it closes the file.</summary>
    public ResponseBody Read(SafeFileHandle file) => ResponseBody.From(ReadAsync(file), Length);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        SafeFileHandle file, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var open = file;
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            foreach (var (head, range) in _parts)
            {
                yield return head;
                for (var (at, left) = (range.Start, range.Length); left > 0;)
                {
                    var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(left, ChunkSize)), at, cancellation);
                    if (read == 0)
                        throw new EndOfStreamException("The file became shorter while it was sent.");
                    yield return buffer.AsMemory(0, read);
                    (at, left) = (at + read, left - read);
                }
            }
            yield return _end;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
