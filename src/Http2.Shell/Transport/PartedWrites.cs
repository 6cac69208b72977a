namespace Http2.Shell;

/// <summary>
/// Sends over a carrier that tells nothing but that a write is complete. A reader that takes long for one write gets the next write in small
/// parts, so that each part that it takes shows that it reads. One write at a time.
/// </summary>
/// <param name="write">Writes to the carrier.</param>
/// <param name="time">The clock.</param>
internal sealed class PartedWrites(Func<ReadOnlyMemory<byte>, ValueTask> write, TimeProvider time)
{
    private const int PartLength = 4 * 1024;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    private long _taken;
    private bool _isSlow;

    /// <summary>Octets that the carrier has taken. Any thread.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Sends all of it.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        if (_isSlow)
            return SendInPartsAsync(octets);
        var began = time.GetTimestamp();
        var writing = write(octets);
        if (!writing.IsCompletedSuccessfully)
            return CompleteAsync(writing, octets.Length, began);
        Count(octets.Length);
        return default;
    }

    private async ValueTask CompleteAsync(ValueTask writing, int length, long began)
    {
        await writing.ConfigureAwait(false);
        Count(length);
        _isSlow = time.GetElapsedTime(began) > Long;
    }

    private async ValueTask SendInPartsAsync(ReadOnlyMemory<byte> octets)
    {
        var began = time.GetTimestamp();
        while (!octets.IsEmpty)
        {
            var part = octets[..Math.Min(octets.Length, PartLength)];
            await write(part).ConfigureAwait(false);
            Count(part.Length);
            octets = octets[part.Length..];
        }
        _isSlow = time.GetElapsedTime(began) > Long;
    }

    private void Count(int octets) => Volatile.Write(ref _taken, _taken + octets);
}
