using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Hpack.Pure;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// A connection from its first octet to its last, as the inputs that made it: replaying them gives the same states, events and octets. The
/// format of the octets is described in docs/recording.md. Immutable, thread-safe.
/// </summary>
/// <param name="Role">Which end was recorded.</param>
/// <param name="Options">What it was opened with.</param>
/// <param name="OpenedAt">When it was opened, in milliseconds of the clock that the inputs use.</param>
/// <param name="Inputs">Everything that happened, in order.</param>
public sealed record Recording(Role Role, ConnectionOptions Options, long OpenedAt, ImmutableArray<Input> Inputs)
{
    /// <summary>What went out while it was recorded; None when the recording breaks off before its end.</summary>
    public Option<SentDigest> Sent { get; init; }

    /// <summary>Reads a recording. One that breaks off inside an entry gives the entries before it.</summary>
    /// <param name="octets">What <see cref="Encode"/> or a <see cref="RecordingWriter"/> wrote.</param>
    /// <returns>The recording, or why the octets are none.</returns>
    public static Either<RecordingError, Recording> Decode(Octets octets) =>
        TryDecode(octets, out var recording, out var error) ? recording : error;

    /// <summary>
    /// Reads a recording: <see cref="Decode"/> with out parameters. One that breaks off inside an entry gives the entries before it.
    /// </summary>
    /// <param name="octets">What <see cref="Encode"/> or a <see cref="RecordingWriter"/> wrote.</param>
    /// <param name="recording">The recording; null when the octets are none.</param>
    /// <param name="error">Why the octets are no recording, or null.</param>
    /// <returns>Whether the octets are a recording.</returns>
    public static bool TryDecode(
        Octets octets, [NotNullWhen(true)] out Recording? recording, [NotNullWhen(false)] out RecordingError? error)
    {
        error = RecordingReader.Read(octets, out recording);
        return recording is not null;
    }

    /// <summary>The recording as octets.</summary>
    public Octets Encode()
    {
        var output = new OutputBuffer();
        var writer = RecordingWriter.Begin(output, Role, Options, OpenedAt);
        foreach (var input in Inputs)
            writer = writer.Write(output, input);
        Sent.IfSome(sent => RecordingWriter.End(output, sent));
        return new Octets(output.WrittenMemory);
    }

    /// <summary>Replays the recording: the first step is the opening, then there is one for each input. Lazy.</summary>
    public IEnumerable<ReplayStep> Replay()
    {
        var opening = Connection.Start(Role, Options, OpenedAt);
        yield return new ReplayStep(None, opening, Refusal.None);
        var fold = opening.State;
        foreach (var input in Inputs)
        {
            var result = Connection.TrySubmit(fold, input, out var step, out var refusal) ? step : new Step(fold, default, [], default);
            fold = result.State;
            yield return new ReplayStep(input, result, refusal);
        }
    }

    private static Option<Input> None => Option<Input>.None;
}

/// <summary>One step of a replay.</summary>
/// <param name="Input">What happened; None for the opening.</param>
/// <param name="Result">What it led to.</param>
/// <param name="Refusal">Why the input was refused, or None.</param>
public sealed record ReplayStep(Option<Input> Input, Step Result, Refusal Refusal);

/// <summary>Why octets are no recording.</summary>
/// <param name="Offset">Where it was seen, in octets from the start.</param>
/// <param name="Message">What is wrong, in one line.</param>
public sealed record RecordingError(int Offset, string Message);
