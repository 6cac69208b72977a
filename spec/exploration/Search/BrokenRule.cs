using System.Text;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>A rule that is broken, with the shortest trace that breaks it. Immutable.</summary>
/// <param name="Problem">What is wrong.</param>
/// <param name="Letters">The names of the inputs behind the handshake.</param>
/// <param name="Recording">All inputs, for <c>http2 replay</c>.</param>
internal sealed record BrokenRule(string Problem, IReadOnlyList<string> Letters, Recording Recording)
{
    /// <summary>The trace as a story: each input, and the frames that came and went with it.</summary>
    public string Story()
    {
        var text = new StringBuilder(Problem);
        foreach (var (i, step) in Recording.Replay().Index())
        {
            // the opening, the handshake, and then the letters
            text.Append("\n  ").Append(i switch { 0 => "open", 1 => "handshake", _ => Letters[i - 2] });
            if (step.Refusal != Refusal.None)
                text.Append(": refused, ").Append(step.Refusal);
            foreach (var frame in FrameLines.Frames(WithoutPreface(step.Result.Output)))
            {
                foreach (var line in FrameLines.Of(Frames.Serialize(frame), "send"))
                    text.Append("\n    ").Append(line);
            }
            foreach (var happened in step.Result.Events)
                text.Append("\n    ").Append(happened);
        }
        return text.ToString();
    }

    private static Hpack.Pure.Octets WithoutPreface(Hpack.Pure.Octets output) => output.Span.StartsWith(WireConstants.Preface)
        ? output.Slice(WireConstants.Preface.Length, output.Length - WireConstants.Preface.Length)
        : output;
}
