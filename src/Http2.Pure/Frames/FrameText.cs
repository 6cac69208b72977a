using System.Globalization;
using System.Text;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Frames as text for traces, in the manner of <c>nghttp -v</c>: a line with the header, a line with the flags, lines with the content of
/// the payload. Octets that a terminal could take for commands are escaped. Pure, thread-safe.
/// </summary>
public static class FrameText
{
    private const int MaxOctetsShown = 64;

    /// <summary>A frame as one text.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="fields">The fields of the block that ends with this frame, when they are known.</param>
    /// <param name="indent">How many spaces come before every line but the first.</param>
    public static string Format(FrameHeader header, Octets payload, IReadOnlyList<HeaderField>? fields = null, int indent = 10) =>
        string.Join("\n" + new string(' ', indent), Lines(header, payload, fields));

    /// <summary>A frame as lines, the line with the header first. For a payload that breaks a rule the rule is shown.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="fields">The fields of the block that ends with this frame, when they are known.</param>
    public static IReadOnlyList<string> Lines(FrameHeader header, Octets payload, IReadOnlyList<HeaderField>? fields = null)
    {
        var lines = new List<string>(4)
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{WireNames.Of(header.Type)} frame <length={header.Length}, flags=0x{(byte)header.Flags:x2}, " +
                $"stream_id={header.StreamId}>"),
        };
        if (FrameTypes.FlagNames(header) is { Count: > 0 } flags)
            lines.Add("; " + string.Join(" | ", flags));
        var limits = new FrameLimits(FrameHeader.MaxLength, int.MaxValue);
        lines.AddRange(Frames.ParsePayload(header, payload, limits).Match(Right: frame => frame.Content.Describe(frame.Flags), Left: Broken));
        if (fields is not null)
            lines.AddRange(fields.Select(field => $"{Printable(field.Name.Span)}: {Printable(field.Value.Span)}"));
        return lines;
    }

    /// <summary>Octets as text: printable ASCII as it is, the backslash doubled, everything else as <c>\xNN</c>.</summary>
    /// <param name="octets">Any octets.</param>
    public static string Printable(ReadOnlySpan<byte> octets)
    {
        if (!octets.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !octets.Contains((byte)'\\'))
            return Encoding.ASCII.GetString(octets);
        var text = new StringBuilder(octets.Length + 16);
        foreach (var octet in octets)
        {
            if (octet == '\\')
                text.Append(@"\\");
            else if (octet is >= (byte)' ' and <= (byte)'~')
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
        }
        return text.ToString();
    }

    private static IEnumerable<string> Broken(Fault fault)
    {
        var scope = fault is Fault.OfConnection ? "connection" : "stream";
        return [$"(malformed: {scope} error {WireNames.Of(fault.Code)}, {fault.Rule})"];
    }

    internal static string Shortened(Octets octets) => octets.Length <= MaxOctetsShown
        ? Printable(octets.Span)
        : Printable(octets.Span[..MaxOctetsShown]) + "...";
}
