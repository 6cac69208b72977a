using System.Globalization;
using System.Text;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Shows every octet that comes, as <c>hexdump -C</c> does.</summary>
/// <param name="output">Where it goes.</param>
internal sealed class HexDump(GetOutput output) : Http2FrameTap
{
    private const int Row = 16;

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        for (var at = 0; at < octets.Length; at += Row)
            output.WriteLine(Line(at, octets.Slice(at, Math.Min(Row, octets.Length - at))));
    }

    /// <summary>A row.</summary>
    /// <param name="at">How many octets there are before it.</param>
    /// <param name="octets">At most 16 octets.</param>
    internal static string Line(int at, ReadOnlySpan<byte> octets)
    {
        var line = new StringBuilder(80).Append(CultureInfo.InvariantCulture, $"{at:x8} ");
        for (var i = 0; i < Row; i++)
        {
            if (i == Row / 2)
                line.Append(' ');
            if (i < octets.Length)
                line.Append(CultureInfo.InvariantCulture, $" {octets[i]:x2}");
            else
                line.Append("   ");
        }
        line.Append("  |");
        foreach (var octet in octets)
            line.Append(octet is >= (byte)' ' and <= (byte)'~' ? (char)octet : '.');
        return line.Append('|').ToString();
    }
}
