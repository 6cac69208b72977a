using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>
/// Runs one input: its octets go through the HPACK decoder and the frame parser, and the whole input through the core. The result says which
/// transitions were made, and whether anything happened that must never happen, whatever the input is.
/// </summary>
internal static class FuzzTarget
{
    private const int ProbedStreams = 12;

    // The flags END_STREAM or ACK, END_HEADERS, PADDED and PRIORITY; other flags have no meaning.
    private const int KnownFlags = 0x2d;

    /// <summary>Runs a recording.</summary>
    public static FuzzResult Check(Recording recording)
    {
        var features = new HashSet<int>();
        var steps = 0;
        string? problem = null;
        try
        {
            problem = CheckParts(recording, features) ?? CheckConnection(recording, features, out steps);
        }
        catch (Exception failure)
        {
            // The first line names the kind of problem: where the exception came from, without its message, which differs from input to
            // input.
            var place = failure.StackTrace?.Split('\n').FirstOrDefault()?.Trim() ?? "";
            problem = $"{failure.GetType().Name} {place}\n{failure}";
        }
        return new FuzzResult(features, steps, problem);
    }

    private static string? CheckParts(Recording recording, HashSet<int> features)
    {
        foreach (var received in recording.Inputs.OfType<Input.Received>())
        {
            if (CheckFrames(received.Octets, features) is { } wrongFrame)
                return wrongFrame;
            if (CheckBlock(received.Octets, features) is { } wrongBlock)
                return wrongBlock;
        }
        return null;
    }

    private static string? CheckFrames(Octets octets, HashSet<int> features)
    {
        var isSound = Frames.TryParse(octets, FrameLimits.Default, out var read, out var fault);
        features.Add(HashCode.Combine("frame", isSound ? read!.GetType().Name : fault!.Rule.ToString()));
        if (read is not FrameRead.Complete { Frame: var frame })
            return null;
        return Frames.TryParse(Frames.Serialize(frame), FrameLimits.Default, out var again, out _)
            && again is FrameRead.Complete complete && complete.Frame == frame
            ? null
            : $"a frame does not survive being written: {frame.Type}";
    }

    private static string? CheckBlock(Octets octets, HashSet<int> features)
    {
        var block = octets.Length > FrameHeader.Size ? octets.Slice(FrameHeader.Size, octets.Length - FrameHeader.Size) : octets;
        if (!HpackDecoder.TryDecode(DecoderState.Create(), block, out var decoded, out var error))
        {
            features.Add(HashCode.Combine("block", error.Kind.ToString()));
            return error.Offset <= block.Length ? null : "an HPACK error lies behind the block";
        }
        var fields = decoded.Fields;
        features.Add(HashCode.Combine("block", fields.Count == 0 ? "none" : "some"));
        var encoded = HpackEncoder.Encode(EncoderState.Create(), fields);
        return HpackDecoder.TryDecode(DecoderState.Create(), encoded.Block, out var again, out _)
            && fields.Count == again.Fields.Count && fields.Zip(again.Fields).All(Survives)
            ? null
            : "fields do not survive being encoded";
    }

    // The encoder may mark more fields as never indexed than the input did, and must keep the mark of those that had it.
    private static bool Survives((HeaderField Before, HeaderField After) field) =>
        field.Before.Name == field.After.Name && field.Before.Value == field.After.Value
        && (field.After.NeverIndexed || !field.Before.NeverIndexed);

    private static string? CheckConnection(Recording recording, HashSet<int> features, out int steps)
    {
        steps = 0;
        var closed = new HashSet<uint>();
        var before = default(ConnectionState);
        var finished = false;
        foreach (var step in recording.Replay())
        {
            steps++;
            var state = step.Result.State.State;
            if (finished && (!step.Result.Output.IsEmpty || !step.Result.Events.IsEmpty))
                return "something happens after the end";
            if (OutputFault(step.Result.Output, features) is { } wrong)
                return wrong;
            foreach (var happened in step.Result.Events)
            {
                if (happened is ConnectionEvent.StreamClosed { Id.Value: var id } && !closed.Add(id))
                    return "a stream is closed twice";
            }
            if (step.Result.State.Incomplete > FrameHeader.Size + Math.Max(recording.Options.MaxFrameSize, 1 << 24))
                return "more octets are kept than a frame has";
            Transitions(step, before, state, features);
            (before, finished) = (state, Connection.IsFinished(state));
        }
        return steps % 8 == 0 ? Unequal(recording) : null;
    }

    /// <summary>
    /// Adds to <paramref name="features"/> numbers for what a step did: the kind of its input, its events, its verdicts, and how the states of the
    /// first streams changed.
    /// </summary>
    private static void Transitions(ReplayStep step, in ConnectionState before, in ConnectionState after, HashSet<int> features)
    {
        var kind = step.Input.Match(Some: KindOf, None: () => "open");
        features.Add(HashCode.Combine(kind, step.Refusal, Connection.IsFinished(after), Connection.CanDrain(after)));
        foreach (var happened in step.Result.Events)
        {
            features.Add(HashCode.Combine(kind, happened switch
            {
                ConnectionEvent.ConnectionFaulted e => e.Fault.Rule.ToString(),
                ConnectionEvent.StreamFaulted e => e.Fault.Rule.ToString(),
                ConnectionEvent.StreamClosed e => $"closed {e.Abnormal} {e.Code}",
                _ => happened.GetType().Name,
            }));
        }
        if (step.Input.IsNone)
            return;
        for (var id = 1u; id < ProbedStreams; id++)
        {
            var (from, to) = (Connection.StateOf(before, new(id)), Connection.StateOf(after, new(id)));
            if (from != to)
                features.Add(HashCode.Combine(kind, id % 2, from, to));
        }
    }

    private static string KindOf(Input input) => input is Input.Received { Octets.Length: >= FrameHeader.Size } received
        ? FrameHeader.Parse(received.Octets.Span) is var header && (byte)header.Type < 18 ? $"{header.Type} {(byte)header.Flags & KnownFlags}" : "octets"
        : input.GetType().Name;

    private static string? OutputFault(Octets output, HashSet<int> features)
    {
        if (output.Span.StartsWith(WireConstants.Preface))
            output = output.Slice(WireConstants.Preface.Length, output.Length - WireConstants.Preface.Length);
        var limits = new FrameLimits(FrameHeader.MaxLength, int.MaxValue);
        while (!output.IsEmpty)
        {
            if (!Frames.TryParse(output, limits, out var read, out _) || read is not FrameRead.Complete complete)
                return "the output is not made of whole frames";
            features.Add(HashCode.Combine("sent", complete.Frame.Type, (byte)complete.Frame.Flags & KnownFlags));
            output = complete.Rest;
        }
        return null;
    }

    private static string? Unequal(Recording recording)
    {
        var first = recording.Replay().Last().Result;
        var second = recording.Replay().Last().Result;
        return first.State == second.State && first.Output == second.Output ? null : "two replays of the same inputs differ";
    }
}
