using System.Collections.Immutable;
using System.Text;
using Http2.Shell;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>Several ranges of one file as <c>multipart/byteranges</c> (RFC 9110 §14.6), read part by part.</summary>
internal sealed class MultipartRanges
{
    private readonly ImmutableArray<(byte[] Head, ByteRange Range)> _parts;

    /// <summary>The parts of a file.</summary>
    /// <param name="partType">The media type of the file.</param>
    /// <param name="ranges">The ranges, in the order they are sent.</param>
    /// <param name="total">The length of the file.</param>
    public MultipartRanges(string partType, ImmutableArray<ByteRange> ranges, long total)
    {
        // The boundary is random, so that nobody can make a file that contains it.
        var boundary = Guid.NewGuid().ToString("N");
        ContentType = $"multipart/byteranges; boundary={boundary}";
        _parts =
        [
            .. ranges.Select((range, index) => (
                Encoding.ASCII.GetBytes(
                    $"{(index == 0 ? "" : "\r\n")}--{boundary}\r\ncontent-type: {partType}\r\n"
                    + $"content-range: {range.ContentRange(total)}\r\n\r\n"),
                range)),
            (Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"), default),
        ];
        Length = _parts.Sum(part => part.Head.Length + part.Range.Length);
    }

    /// <summary>The value of <c>content-type</c>, with the boundary.</summary>
    public string ContentType { get; }

    /// <summary>The length of the whole body in octets.</summary>
    public long Length { get; }

    /// <summary>The body, read from an open file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="owner">Is disposed of once the body is done with.</param>
    public ResponseBody Read(SafeFileHandle file, IDisposable owner) => ResponseBody.From(new Parts(_parts, file, owner), Length);

    private sealed class Parts(ImmutableArray<(byte[] Head, ByteRange Range)> parts, SafeFileHandle file, IDisposable owner) : Stream
    {
        private IDisposable? _owner = owner;
        private int _part;

        // How many octets of the part were read: of its head first, then of its range.
        private long _out;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        // Read at once: the page cache usually has it, and a hop to another thread costs more than the copy.
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            while (_part < parts.Length)
            {
                var (head, range) = parts[_part];
                if (_out < head.Length)
                    return Advance(Copy(head.AsSpan((int)_out), buffer));
                var left = range.Length - (_out - head.Length);
                if (left > 0)
                    return Advance(ReadFile(buffer[..(int)Math.Min(left, buffer.Length)], range.End + 1 - left));
                (_part, _out) = (_part + 1, 0);
            }
            return 0;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Interlocked.Exchange(ref _owner, null)?.Dispose();
            base.Dispose(disposing);
        }

        private static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
        {
            var length = Math.Min(from.Length, to.Length);
            from[..length].CopyTo(to);
            return length;
        }

        private int ReadFile(Span<byte> buffer, long at)
        {
            var read = RandomAccess.Read(file, buffer, at);
            return read > 0 ? read : throw new EndOfStreamException("The file became shorter while it was sent.");
        }

        private int Advance(int octets)
        {
            _out += octets;
            return octets;
        }
    }
}
