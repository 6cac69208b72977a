using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>
/// Two descriptors that are of no use but to be given up: when there is no other left, a connection that waits can be taken and refused, where
/// it would else wait for ever, and the runtime can start a thread, which takes two for a moment. Not thread-safe.
/// </summary>
/// <param name="isRefused">For tests: whether the system is to give none now.</param>
internal sealed class SpareDescriptor(Func<bool> isRefused) : IDisposable
{
    private SafeFileHandle? _one, _other;

    /// <summary>Takes both, unless they are there already, or none.</summary>
    /// <returns>Whether they are there now.</returns>
    internal bool TryTake()
    {
        if (_one is not null)
            return true;
        if (isRefused())
            return false;
        try
        {
            _one = File.OpenHandle("/dev/null");
            _other = File.OpenHandle("/dev/null");
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            TryGiveUp();
            return false;
        }
    }

    /// <summary>Gives them up, so that others can be had in their place.</summary>
    /// <returns>Whether there were any.</returns>
    internal bool TryGiveUp()
    {
        if (_one is null)
            return false;
        _one.Dispose();
        _other?.Dispose();
        _one = _other = null;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => TryGiveUp();
}
