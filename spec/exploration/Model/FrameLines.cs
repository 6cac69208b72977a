using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>Octets as frames, and as text in the manner of nghttp.</summary>
internal static class FrameLines
{
    private static readonly FrameLimits Limits = new(FrameHeader.MaxLength, int.MaxValue);

    public static IEnumerable<Frame> Frames(Octets octets)
    {
        while (!octets.IsEmpty)
        {
            var read = global::Http2.Pure.Frames.Parse(octets, Limits).Match(
                Right: found => (FrameRead.Complete)found,
                Left: fault => throw new InvalidOperationException($"the core wrote a broken frame: {fault}"));
            yield return read.Frame;
            octets = read.Rest;
        }
    }

    /// <summary>One frame, which may be a broken one.</summary>
    public static IEnumerable<string> Of(Octets octets, string direction)
    {
        var header = FrameHeader.Parse(octets.Span);
        var lines = FrameText.Lines(header, octets.Slice(FrameHeader.Size, octets.Length - FrameHeader.Size));
        return lines.Select((line, i) => i == 0 ? $"{direction} {line}" : $"     {line}");
    }
}
