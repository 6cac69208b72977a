using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>Cuts a recording that ends in a fault down to a minimal one with the same fault.</summary>
internal static class RecordingShrinker
{
    /// <summary>The connection's fault, or else the first fault of a stream; null when there is neither.</summary>
    public static string? FaultOf(Recording recording)
    {
        string? first = null;
        foreach (var happened in recording.Replay().SelectMany(step => step.Result.Events))
        {
            if (happened is ConnectionEvent.ConnectionFaulted { Fault: var fault })
                return $"connection fault {fault.Code}: {fault.Rule}";
            if (happened is ConnectionEvent.StreamFaulted { Fault: var ofStream })
                first ??= $"stream fault {ofStream.Code}: {ofStream.Rule}";
        }
        return first;
    }

    /// <summary>A recording with as few inputs as still cause the fault.</summary>
    public static Recording Shrink(Recording recording, string fault)
    {
        Recording With(ImmutableArray<Input> inputs) => recording with { Inputs = inputs, Sent = default };
        var inputs = TraceShrinker.Shrink(
            FrameByFrame(recording.Inputs), trace => FaultOf(With(trace)) == fault, Simpler);
        return With(inputs);
    }

    // One read of the transport may hold many frames. They are cut apart, so that each can be left out by itself.
    private static ImmutableArray<Input> FrameByFrame(ImmutableArray<Input> inputs) =>
        [.. inputs.SelectMany(input => input is Input.Received received ? Cut(received) : [input])];

    private static IEnumerable<Input> Cut(Input.Received received)
    {
        var rest = received.Octets;
        if (rest.Span.StartsWith(WireConstants.Preface))
        {
            yield return received with { Octets = rest.Slice(0, WireConstants.Preface.Length) };
            rest = rest.Slice(WireConstants.Preface.Length, rest.Length - WireConstants.Preface.Length);
        }
        while (rest.Length >= FrameHeader.Size && FrameHeader.Parse(rest.Span).Length + FrameHeader.Size <= rest.Length)
        {
            var size = FrameHeader.Parse(rest.Span).Length + FrameHeader.Size;
            yield return received with { Octets = rest.Slice(0, size) };
            rest = rest.Slice(size, rest.Length - size);
        }
        if (!rest.IsEmpty)
            yield return received with { Octets = rest };
    }

    /// <summary>The same input whose frame has a shorter payload, and the length of that in its header.</summary>
    private static IEnumerable<Input> Simpler(Input input) => input switch
    {
        Input.Received { Octets.Length: > FrameHeader.Size } received => Shorter(received),
        Input.SubmitData { Data.Length: > 1 } data => [data with { Data = data.Data.Slice(0, 1) }],
        Input.SubmitResponse { Body.Length: > 1 } response => [response with { Body = response.Body.Slice(0, 1) }],
        _ => [],
    };

    private static IEnumerable<Input> Shorter(Input.Received received)
    {
        var header = FrameHeader.Parse(received.Octets.Span);
        if (header.Length != received.Octets.Length - FrameHeader.Size)
            yield break;
        foreach (var length in new[] { 0, 1, header.Length / 2 }.Where(length => length < header.Length).Distinct())
        {
            var octets = received.Octets.Span[..(FrameHeader.Size + length)].ToArray();
            (header with { Length = length }).Write(octets);
            yield return received with { Octets = new Octets(octets) };
        }
    }
}
