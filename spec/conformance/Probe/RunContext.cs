using System.Collections.Concurrent;

namespace Http2.Conformance;

/// <summary>What the cases of a run share: the target, the options, and what was learnt of the target.</summary>
internal sealed class RunContext(ConformanceTarget target, ConformanceOptions options)
{
    private readonly ConcurrentDictionary<string, Task<int>> _bodyLengths = new(StringComparer.Ordinal);

    private Task<double>? _settled;

    public ConformanceTarget Target { get; } = target;

    public ConformanceOptions Options { get; } = options;

    /// <summary>
    /// The length of the body, in octets, that a GET of <paramref name="path"/> gets; -1 when there is no complete response. Measured once
    /// a run.
    /// </summary>
    public Task<int> BodyLengthAsync(string path, CancellationToken cancellation) =>
        _bodyLengths.GetOrAdd(path, asked => MeasureAsync(asked, cancellation));

    /// <summary>The latency of a well-behaved client when nothing goes on, in milliseconds; measured once a run.</summary>
    public Task<double> SettledAsync(Func<Task<double>> measure)
    {
        lock (_bodyLengths)
            return _settled ??= measure();
    }

    private async Task<int> MeasureAsync(string path, CancellationToken cancellation)
    {
        await using var probe = new Probe(this, cancellation);
        await probe.Handshake().ConfigureAwait(false);
        probe.Headers(1, FieldBlock.Of(probe.Fields(path: path)), endStream: true);
        var response = await probe.Response(1).ConfigureAwait(false);
        return response.Ended ? response.DataLength : -1;
    }
}
