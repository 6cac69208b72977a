namespace Http2.Conformance;

/// <summary>A server that was started for one case.</summary>
public interface ITargetInstance : IAsyncDisposable
{
    /// <summary>Where it listens.</summary>
    ConformanceTarget Target { get; }

    /// <summary>Asks it to stop in order, as SIGTERM does; completes when it has stopped.</summary>
    Task StopAsync();
}
