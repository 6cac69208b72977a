using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>
/// A descriptor that is kept only to be given up: when no other is left, its place serves to accept a connection that waits and to close that,
/// which would otherwise wait for ever. Not thread-safe.
/// </summary>
/// <param name="isRefused">For tests: whether the system is to give none now.</param>
internal sealed class SpareDescriptor(Func<bool> isRefused) : IDisposable
{
    private SafeFileHandle? _handle;

    /// <summary>Takes one, unless there is one already.</summary>
    /// <returns>Whether there is one now.</returns>
    internal bool TryTake()
    {
        if (_handle is not null)
            return true;
        if (isRefused())
            return false;
        try
        {
            _handle = File.OpenHandle("/dev/null");
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Gives it up, so that another can be had in its place.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool TryGiveUp()
    {
        if (_handle is null)
            return false;
        _handle.Dispose();
        _handle = null;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => TryGiveUp();
}
