using Http2.Pure;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>A part of a file as body, read with positions so that no seek state is shared.</summary>
internal sealed class FileBody : SingleUseBody
{
    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private readonly bool _leaveOpen;

    public FileBody(SafeFileHandle file, long offset, long length, bool leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _file = file;
        _offset = offset;
        _leaveOpen = leaveOpen;
        Length = length;
    }

    public override long Length { get; }

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        Use();
        if (_file.IsClosed)
            throw new ObjectDisposedException(nameof(SafeFileHandle), "The file of this response body was closed before it was sent.");
        octets = default;
        return new Source(_file, _offset, Length, _leaveOpen);
    }

    protected override void Release()
    {
        if (!_leaveOpen)
            _file.Dispose();
    }

    /// <summary>
    /// Reads the whole part to where it is to be sent, and is used with that; false when it cannot, and then nothing has happened: what is
    /// wrong shows when it is read bit by bit.
    /// </summary>
    internal bool TryReadAll(in BodyRoom room)
    {
        if (IsUsed)
            return false;
        try
        {
            if (ScatteredRead.Into(room, _file, _offset) != room.Length)
                return false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException)
        {
            return false;
        }
        Use();
        Release();
        return true;
    }

    private sealed class Source(SafeFileHandle file, long at, long left, bool leaveOpen) : BodySource
    {
        // Read at once: the page cache usually has it, and a hop to another thread costs more than the copy.
        public override ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            if (left == 0)
                return new(BodyRead.End);
            var read = RandomAccess.Read(file, buffer.Span[..(int)Math.Min(left, buffer.Length)], at);
            if (read == 0)
                throw new EndOfStreamException($"The file became shorter while it was sent: {left} of the octets that were declared are not there.");
            at += read;
            left -= read;
            return new(left == 0 ? BodyRead.Last(read) : BodyRead.Data(read));
        }

        public override ValueTask DisposeAsync()
        {
            if (!leaveOpen)
                file.Dispose();
            return default;
        }
    }
}
