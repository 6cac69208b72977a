using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>Runs <c>http2 replay</c>.</summary>
internal static class ReplayRun
{
    /// <summary>Replays, and shrinks when asked.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or is no recording.</exception>
    public static int Run(string path, bool quiet, string? shrinkTo, TextWriter output)
    {
        var recording = Read(path);
        var equal = Print(recording, quiet, output);
        if (shrinkTo is not null)
            Shrink(recording, shrinkTo, output);
        return equal ? ExitCode.Ok : ExitCode.Failure;
    }

    /// <summary>Reads a recording.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or is no recording.</exception>
    public static Recording Read(string path)
    {
        if (path.Length == 0)
            throw UserErrorException.Usage("argument FILE: the name is empty; give a recording");
        if (Directory.Exists(path))
            throw new UserErrorException($"'{path}' is a folder; give one of the recordings in it");
        byte[] octets;
        try
        {
            octets = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"cannot read '{path}': {error.Message.TrimEnd('.')}; give a recording, as `http2 serve --record DIR` writes them");
        }
        return Recording.Decode(new Octets(octets)).Match(
            Right: recording => recording,
            Left: error => throw new UserErrorException(
                $"'{path}' at octet {error.Offset}: {error.Message}; give a recording, as `http2 serve --record DIR` writes them"));
    }

    private static bool Print(Recording recording, bool quiet, TextWriter output)
    {
        var sent = SentDigest.Empty;
        var comparison = SentPrefix.Of(recording.Sent);
        var (steps, events, faults) = (0, 0, new List<string>());
        foreach (var step in recording.Replay())
        {
            comparison = comparison.Add(step.Result.Output.Span);
            sent = sent.Add(step.Result.Output.Span);
            events += step.Result.Events.Length;
            faults.AddRange(step.Result.Events.Select(FaultOf).OfType<string>());
            if (!quiet)
                output.WriteLine(ReplayText.Of(steps, recording, step));
            steps++;
        }
        output.WriteLine(
            $"{recording.Role.ToString().ToLowerInvariant()}, {recording.Inputs.Length} inputs, {events} events, {sent.Octets} octets sent, "
            + $"{(faults.Count == 0 ? "no fault" : string.Join("; ", faults))}");
        var verdict = comparison.Verdict;
        output.WriteLine(verdict?.Text ?? "not compared: the recording breaks off or was cut down, so it does not say what was sent");
        return verdict is null || verdict.Value.IsEqual;
    }

    private static void Shrink(Recording recording, string path, TextWriter output)
    {
        if (RecordingShrinker.FaultOf(recording) is not { } fault)
            throw new UserErrorException("option --shrink: this recording ends without a fault, so there is nothing to keep; leave it out");
        var least = RecordingShrinker.Shrink(recording, fault);
        try
        {
            var octets = least.Encode().Memory;
            OutputFile.Write(path, stream => stream.Write(octets.Span));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"option --shrink: cannot write '{path}': {error.Message.TrimEnd('.')}; name another file");
        }
        output.WriteLine($"{recording.Inputs.Length} inputs cut down to {least.Inputs.Length} that still end in {fault}; written to {path}");
    }

    private static string? FaultOf(ConnectionEvent happened) => happened switch
    {
        ConnectionEvent.ConnectionFaulted { Fault: var fault } => $"connection fault {fault.Code}: {fault.Rule}",
        ConnectionEvent.StreamFaulted { Fault: var fault } => $"stream {fault.Id} fault {fault.Code}: {fault.Rule}",
        _ => null,
    };
}
