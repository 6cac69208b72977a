using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Frames;

public sealed class FrameTextTests
{
    private static string Text(string hex, params HeaderField[] fields)
    {
        var octets = Expect.Hex(hex);
        var header = FrameHeader.Parse(octets.Span);
        return FrameText.Format(header, octets.Slice(9, octets.Length - 9), fields.Length == 0 ? null : fields, indent: 2);
    }

    [Fact]
    public void Headers_show_their_flags_and_the_fields_that_are_known() =>
        Assert.Equal(
            """
            HEADERS frame <length=2, flags=0x05, stream_id=1>
              ; END_STREAM | END_HEADERS
              :method: GET
              x: y
            """.ReplaceLineEndings("\n"),
            Text("000002010500000001 8287", new(":method", "GET"), new("x", "y")));

    [Fact]
    public void Padding_and_priority_are_shown() =>
        Assert.Equal(
            """
            HEADERS frame <length=9, flags=0x2c, stream_id=3>
              ; END_HEADERS | PADDED | PRIORITY
              (padlen=2, dep_stream_id=20, weight=10, exclusive=1)
            """.ReplaceLineEndings("\n"),
            Text("000009012c00000003 02 80000014 09 82 0000"));

    [Theory]
    [InlineData("000000000100000001", "DATA frame <length=0, flags=0x01, stream_id=1>\n  ; END_STREAM")]
    [InlineData(
        "000005020000000003 0000000b 07",
        "PRIORITY frame <length=5, flags=0x00, stream_id=3>\n  (dep_stream_id=11, weight=8, exclusive=0)")]
    [InlineData("000004030000000003 00000008", "RST_STREAM frame <length=4, flags=0x00, stream_id=3>\n  (error_code=CANCEL(0x08))")]
    [InlineData(
        "00000c040000000000 000300000064 0ace00000001",
        "SETTINGS frame <length=12, flags=0x00, stream_id=0>\n  (niv=2)\n" +
        "  [SETTINGS_MAX_CONCURRENT_STREAMS(0x03):100]\n  [UNKNOWN(0xace):1]")]
    [InlineData("000000040100000000", "SETTINGS frame <length=0, flags=0x01, stream_id=0>\n  ; ACK")]
    [InlineData(
        "000008060100000000 0102030405060708",
        "PING frame <length=8, flags=0x01, stream_id=0>\n  ; ACK\n  (opaque_data=0102030405060708)")]
    [InlineData(
        "00000b070000000000 00000005 00000001 1b5b6d",
        "GOAWAY frame <length=11, flags=0x00, stream_id=0>\n" +
        "  (last_stream_id=5, error_code=PROTOCOL_ERROR(0x01), opaque_data(3)=[\\x1b[m])")]
    [InlineData("000004080000000000 00007fff", "WINDOW_UPDATE frame <length=4, flags=0x00, stream_id=0>\n  (window_size_increment=32767)")]
    [InlineData("000000090400000003", "CONTINUATION frame <length=0, flags=0x04, stream_id=3>\n  ; END_HEADERS")]
    [InlineData(
        "000004050400000003 00000002", "PUSH_PROMISE frame <length=4, flags=0x04, stream_id=3>\n  ; END_HEADERS\n  (promised_stream_id=2)")]
    [InlineData(
        "0000040a0000000003 0000 6832", "ALTSVC frame <length=4, flags=0x00, stream_id=3>\n  (origin=[], altsvc_field_value=[h2])")]
    [InlineData("0000030c0000000000 0001 61", "ORIGIN frame <length=3, flags=0x00, stream_id=0>\n  [a]")]
    [InlineData(
        "000007100000000000 00000003 753d31",
        "PRIORITY_UPDATE frame <length=7, flags=0x00, stream_id=0>\n  (prioritized_stream_id=3, priority_field_value=[u=1])")]
    [InlineData("000001ee0700000003 00", "0xee frame <length=1, flags=0x07, stream_id=3>")]
    public void Each_type_shows_what_it_says(string hex, string text) => Assert.Equal(text, Text(hex));

    [Fact]
    public void A_broken_frame_shows_the_rule_that_it_breaks() =>
        Assert.Equal(
            "PING frame <length=1, flags=0x00, stream_id=0>\n" +
            "  (malformed: connection error FRAME_SIZE_ERROR, RFC 9113 §6.7: PING is 8 octets long)",
            Text("000001060000000000 00"));

    [Fact]
    public void Values_cannot_command_the_terminal() =>
        Assert.Equal(
            "HEADERS frame <length=0, flags=0x04, stream_id=1>\n  ; END_HEADERS\n  x: \\x1b[2J\\xc3\\xa9\\\\",
            Text("000000010400000001", new HeaderField("x", "\u001b[2Jé\\")));

    [Property(Arbitrary = [typeof(FrameGenerators)], MaxTest = 300)]
    public void Every_frame_has_a_text_without_control_characters(Frame frame)
    {
        var octets = Pure.Frames.Serialize(frame);
        var lines = FrameText.Lines(FrameHeader.Parse(octets.Span), octets.Slice(9, octets.Length - 9));
        Assert.All(lines, line => Assert.DoesNotContain(line, char.IsControl));
        Assert.DoesNotContain(lines, line => line.StartsWith("(malformed", StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_with_a_number_in_the_registries_has_its_name()
    {
        Assert.DoesNotContain(Enum.GetValues<FrameType>(), type => WireNames.Of(type).StartsWith("0x", StringComparison.Ordinal));
        Assert.DoesNotContain(Enum.GetValues<ErrorCode>(), code => WireNames.Of(code) == "UNKNOWN");
        Assert.DoesNotContain(Enum.GetValues<SettingId>(), id => WireNames.Of(id) == "UNKNOWN");
    }

    [Theory]
    [InlineData("a\\b", "a\\\\b")] // a backslash among nothing but printable octets
    [InlineData(" ~\t", " ~\\x09")] // the first and the last printable octet beside one that is not
    [InlineData("\u001f\u007f", "\\x1f\\x7f")] // the octets beside those two
    [InlineData(" a~", " a~")]
    public void Printable_octets_are_shown_as_they_are_and_others_escaped(string octets, string text) =>
        Assert.Equal(text, FrameText.Printable(Octets.FromString(octets).Span));

    [Fact]
    public void A_frame_that_is_an_error_of_its_stream_alone_says_so() =>
        Assert.Equal(
            "WINDOW_UPDATE frame <length=4, flags=0x00, stream_id=1>\n" +
            "  (malformed: stream error PROTOCOL_ERROR, RFC 9113 §6.9: a window increment is not 0)",
            Text("000004080000000001 00000000"));

    [Theory]
    [InlineData("000003000800000001 02 0000", "DATA frame <length=3, flags=0x08, stream_id=1>\n  ; PADDED\n  (padlen=2)")]
    [InlineData("000003010800000001 01 82 00", "HEADERS frame <length=3, flags=0x08, stream_id=1>\n  ; PADDED\n  (padlen=1)")]
    [InlineData(
        "000006012000000003 00000014 09 82",
        "HEADERS frame <length=6, flags=0x20, stream_id=3>\n  ; PRIORITY\n  (dep_stream_id=20, weight=10, exclusive=0)")]
    [InlineData("000001010000000001 82", "HEADERS frame <length=1, flags=0x00, stream_id=1>")]
    public void Padding_and_priority_are_shown_each_without_the_other(string hex, string text) => Assert.Equal(text, Text(hex));

    [Theory]
    [InlineData(64, "")]
    [InlineData(65, "...")]
    public void Of_long_octets_the_first_64_are_shown(int length, string more) =>
        Assert.EndsWith(
            $"opaque_data({length})=[{new string('a', 64)}{more}])",
            Text($"0000{length + 8:x2}070000000000 0000000000000000" + string.Concat(Enumerable.Repeat("61", length))),
            StringComparison.Ordinal);
}
