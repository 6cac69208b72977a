using System.Runtime.InteropServices;

namespace Http2.Tool;

/// <summary>SIGINT and SIGTERM: the first asks for a drain, the second ends at once. Thread-safe.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _second = new();
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Listens for the signals from now on.</summary>
    public StopSignals() =>
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];

    /// <summary>Completes at the first signal.</summary>
    public Task First => _first.Task;

    /// <summary>Is cancelled at the second signal.</summary>
    public CancellationToken Second => _second.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _second.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_first.TrySetResult())
            _second.Cancel();
    }
}
