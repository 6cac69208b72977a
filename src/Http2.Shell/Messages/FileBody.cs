using Http2.Pure;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>A part of a file as body, read with positions so that no seek state is shared.</summary>
internal sealed class FileBody : SingleUseBody, IBodyFill
{
    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private IDisposable? _owner;

    /// <summary>A part of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="owner">Is disposed of when the body is done with; null leaves everything open.</param>
    public FileBody(SafeFileHandle file, long offset, long length, IDisposable? owner)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _file = file;
        _offset = offset;
        _owner = owner;
        Length = length;
    }

    public override long Length { get; }

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        Use();
        if (_file.IsClosed)
        {
            Release();
            throw new ObjectDisposedException(nameof(SafeFileHandle), "The file of this response body was closed before it was sent.");
        }
        octets = default;
        return new Source(this, _offset, Length);
    }

    // Once: what is disposed of may be shared, and count.
    protected override void Release() => Interlocked.Exchange(ref _owner, null)?.Dispose();

    /// <summary>
    /// Reads the whole part to where it is to be sent, and is used with that; the caller then gives the file back with <see cref="GiveBack"/>.
    /// False when it cannot, and then nothing has happened: what is wrong shows when it is read bit by bit.
    /// </summary>
    bool IBodyFill.TryFill(in ReservedBody room)
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
        return true;
    }

    /// <summary>Tells the owner of the file that it is not needed any more. User code.</summary>
    internal void GiveBack() => Release();

    // A handle has no name, but Linux knows one.
    private static string NameOf(SafeFileHandle file)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false) is { } path ? $" '{path}'" : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed class Source(FileBody body, long at, long left) : BodySource
    {
        // Read at once: the page cache usually has it, and a hop to another thread costs more than the copy.
        public override ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            if (left == 0)
                return new(BodyRead.End);
            var read = RandomAccess.Read(body._file, buffer.Span[..(int)Math.Min(left, buffer.Length)], at);
            if (read == 0)
                throw new EndOfStreamException($"The file{NameOf(body._file)} became shorter while it was sent: it ends at octet {at}.");
            at += read;
            left -= read;
            return new(left == 0 ? BodyRead.Last(read) : BodyRead.Data(read));
        }

        public override ValueTask DisposeAsync()
        {
            body.Release();
            return default;
        }
    }
}
