using System.Diagnostics;
using System.Runtime;
using System.Text.Json;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Addresses for load tests, whose handlers do more than that of <c>/hello</c>.</summary>
internal static class LoadEndpoints
{
    private const int MaxSpin = 1_000_000;

    private static readonly Http2Response Done = new(200, [("content-type", "text/plain")], "Hello, World!");

    /// <summary><c>/headers20</c>: a response with twenty fields.</summary>
    public static Http2Response ManyHeaders { get; } = new(
        200,
        Http2Headers.Of(
            Enumerable.Range(0, 20).Select(i => ($"x-field-{i:00}", $"value of field {i}")).Prepend(("content-type", "text/plain"))),
        "Hello, World!");

    /// <summary>
    /// <c>/load</c>: what the server holds now, this request included, and the limits of the process where it has any.
    /// </summary>
    public static Http2Response Load(Http2ServerLoad load) => BodyEndpoints.Json(json =>
    {
        json.WriteNumber("connections", load.Connections);
        json.WriteNumber("streams", load.Streams);
        json.WriteNumber("handlers", load.Handlers);
        json.WriteNumber("buffers", load.Buffers);
        json.WriteNumber("timers", load.Timers);
        json.WriteNumber("memory", load.Memory);
        json.WriteNumber("unread", load.UnreadOctets);
        json.WriteNumber("heldThreads", load.HeldThreads);
        var limits = Http2ProcessLimits.Current;
        WriteLimit(json, "maxDescriptors", limits.Descriptors);
        WriteLimit(json, "maxConnections", limits.Connections);
        WriteLimit(json, "maxThreads", limits.Threads);
        WriteLimit(json, "maxLoopThreads", limits.LoopThreads);
        WriteLimit(json, "maxMemory", limits.Memory);
    });

    /// <summary>
    /// <c>/allocated</c>: how many octets the process has allocated since it started, how many the last collection left in the managed heap, how
    /// many of these lie in gaps between objects, how many the heap has reserved from the system, and how many methods were compiled.
    /// </summary>
    public static Http2Response Allocated() => BodyEndpoints.Json(json =>
    {
        var heap = GC.GetGCMemoryInfo(GCKind.Any);
        json.WriteNumber("allocated", GC.GetTotalAllocatedBytes());
        json.WriteNumber("heap", heap.HeapSizeBytes);
        json.WriteNumber("fragmented", heap.FragmentedBytes);
        json.WriteNumber("committed", heap.TotalCommittedBytes);
        json.WriteNumber("compiled", JitInfo.GetCompiledMethodCount());
    });

    /// <summary><c>/hop</c>: a response that a thread of the pool gives later.</summary>
    public static async ValueTask<Http2Response> HopAsync()
    {
        await Task.Yield();
        return Done;
    }

    /// <summary><c>/spin/US</c>: computes for US microseconds before it answers.</summary>
    public static Http2Response Spin(Http2Request request, string text)
    {
        if (Endpoint.ParseNumber(request, text, "US", 0, MaxSpin, out var microseconds) is { } refusal)
            return refusal;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMicroseconds < microseconds)
        {
        }
        return Done;
    }

    private static void WriteLimit(Utf8JsonWriter json, string name, long limit)
    {
        if (limit != Http2ProcessLimits.Unbounded)
            json.WriteNumber(name, limit);
    }
}
