using System.Runtime.InteropServices;

namespace Http2.Tool;

/// <summary>
/// SIGINT and SIGTERM: the first asks for a drain, the second ends at once, whatever is in the way. A signal that the process was started
/// to ignore, as shells do with SIGINT for jobs in the background, stays ignored. Thread-safe.
/// </summary>
internal sealed partial class StopSignals : IDisposable
{
    // The time that the second signal leaves for an orderly end; after that the process is ended.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _second = new();
    private readonly ManualResetEventSlim _isOver = new(), _hasEnded = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens for the signals from now on.</summary>
    /// <param name="exitCode">What the process exits with when it does not end in order at the second signal.</param>
    public StopSignals(int exitCode)
    {
        // The thread is started now, because the system may have none to give when the signal comes.
        new Thread(() => EndAtOnce(exitCode)) { IsBackground = true, Name = "second signal" }.Start();
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    /// <summary>Completes at the first signal.</summary>
    public Task First => _first.Task;

    /// <summary>Is cancelled at the second signal.</summary>
    public CancellationToken Second => _second.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _hasEnded.Set();
        _isOver.Set();
        _second.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_first.TrySetResult())
            return;
        // Set before the token is cancelled, because callbacks of the token may block.
        _isOver.Set();
        try
        {
            _second.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process ended in order before the time was over.
        }
    }

    private void EndAtOnce(int exitCode)
    {
        _isOver.Wait();
        if (_hasEnded.Wait(Grace))
            return;
        // _exit is called where there is one, because Environment.Exit runs handlers that others have registered, and those may block.
        if (!OperatingSystem.IsWindows())
            _exit(exitCode);
        Environment.Exit(exitCode);
    }

    [LibraryImport("libc")]
    private static partial void _exit(int code);
}
