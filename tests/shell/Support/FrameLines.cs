using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Http2.Pure;
using Http2.Shell.Hpack;

namespace Http2.Shell.Tests;

/// <summary>
/// The frames that one end writes, as lines to compare: the type, the stream, <c>end</c> for END_STREAM, and what the frame holds. Field
/// blocks are decoded in the order in which they are given here, so all frames of a connection go through the same instance.
/// </summary>
internal sealed class FrameLines
{
    private readonly HdInflater _inflater = new();

    /// <summary>The frames that the core has written and that are not sent; they count as sent from here on.</summary>
    public List<string> Take(CoreSession core)
    {
        var lines = Of(core.Output.WrittenMemory.Span);
        core.Output.Truncate(0);
        return lines;
    }

    /// <summary>The frames in octets that end with a frame.</summary>
    public List<string> Of(ReadOnlySpan<byte> octets)
    {
        var lines = new List<string>();
        while (!octets.IsEmpty)
        {
            var header = FrameHeader.Parse(octets);
            lines.Add(Line(header, octets.Slice(FrameHeader.Size, header.Length)));
            octets = octets[(FrameHeader.Size + header.Length)..];
        }
        return lines;
    }

    private string Line(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var end = header.Type is FrameType.Headers or FrameType.Data && header.Has(FrameFlags.EndStream);
        var name = $"{WireNames.Of(header.Type)} {header.StreamId}";
        return header.Type switch
        {
            FrameType.Headers => $"{name}{(end ? " end" : "")} {Fields(payload)}",
            FrameType.Data => string.Create(CultureInfo.InvariantCulture, $"{name} {payload.Length}{(end ? " end" : "")}"),
            FrameType.PushPromise => $"{name} {BinaryPrimitives.ReadUInt32BigEndian(payload)} {Fields(payload[4..])}",
            FrameType.RstStream => $"{name} {WireNames.Of((ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload))}",
            FrameType.GoAway =>
                $"{name} {BinaryPrimitives.ReadUInt32BigEndian(payload)} {WireNames.Of((ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]))}",
            FrameType.WindowUpdate => $"{name} {BinaryPrimitives.ReadUInt32BigEndian(payload)}",
            FrameType.Ping => $"{name} {Encoding.ASCII.GetString(payload)}",
            _ => name,
        };
    }

    private string Fields(ReadOnlySpan<byte> block) =>
        string.Join(", ", _inflater.Inflate(block).Select(static field => $"{field.Name} {field.Value}"));
}
