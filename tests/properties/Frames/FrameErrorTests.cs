using System.Reflection;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Frames;

/// <summary>Every size rule and every rule on stream identifiers and values, with its code and its scope.</summary>
public sealed class FrameErrorTests
{
    private const ErrorCode Protocol = ErrorCode.ProtocolError;
    private const ErrorCode Size = ErrorCode.FrameSizeError;
    private const ErrorCode Flow = ErrorCode.FlowControlError;

    public static TheoryData<string, bool, ErrorCode, string> Broken => new()
    {
        // octets; whether it ends the connection; the code; the section
        { "000000000000000000", true, Protocol, "6.1" }, // DATA on stream 0
        { "000000000800000001", false, Size, "4.2" }, // PADDED without a pad length
        { "000001000800000001 01", true, Protocol, "6.1" }, // as much padding as payload
        { "000003000800000001 03 0000", true, Protocol, "6.1" },
        { "000000010400000000", true, Protocol, "6.2" }, // HEADERS on stream 0
        { "000000010c00000001", true, Size, "4.2" }, // PADDED without a pad length
        { "000003010c00000001 03 0000", true, Protocol, "6.2" },
        { "000004012400000001 00000000", true, Size, "4.2" }, // PRIORITY without a weight
        { "000005012c00000001 00 00000000", true, Size, "4.2" }, // PADDED and PRIORITY without a weight
        { "000006012c00000001 01 00000000 00", true, Protocol, "6.2" }, // padding over the priority
        { "000005020000000000 00000001 0f", true, Protocol, "6.3" }, // PRIORITY on stream 0
        { "000004020000000001 00000000", false, Size, "6.3" },
        { "000006020000000001 00000000 0f 00", false, Size, "6.3" },
        { "000000020000000001", false, Size, "6.3" },
        { "000004030000000000 00000000", true, Protocol, "6.4" }, // RST_STREAM on stream 0
        { "000003030000000001 000000", true, Size, "6.4" },
        { "000005030000000001 0000000000", true, Size, "6.4" },
        { "000000040000000001", true, Protocol, "6.5" }, // SETTINGS on a stream
        { "000006040100000000 000100000000", true, Size, "6.5" }, // ACK with an entry
        { "000001040100000000 00", true, Size, "6.5" },
        { "000005040000000000 0001000000", true, Size, "6.5" },
        { "000007040000000000 00010000000000", true, Size, "6.5" },
        { "000006040000000000 000200000002", true, Protocol, "6.5.2" }, // ENABLE_PUSH 2
        { "000006040000000000 000480000000", true, Flow, "6.5.2" }, // INITIAL_WINDOW_SIZE 2^31
        { "000006040000000000 0004ffffffff", true, Flow, "6.5.2" },
        { "000006040000000000 000500003fff", true, Protocol, "6.5.2" }, // MAX_FRAME_SIZE 16383
        { "000006040000000000 000501000000", true, Protocol, "6.5.2" }, // MAX_FRAME_SIZE 2^24
        { "000006040000000000 000500000000", true, Protocol, "6.5.2" },
        { "000006040000000000 000800000002", true, Protocol, "3" }, // ENABLE_CONNECT_PROTOCOL 2
        { "000006040000000000 000900000002", true, Protocol, "2.1" }, // NO_RFC7540_PRIORITIES 2
        { "00000c040000000000 000100000000 000200000003", true, Protocol, "6.5.2" }, // a later entry counts too
        { "000004050400000000 00000002", true, Protocol, "6.6" }, // PUSH_PROMISE on stream 0
        { "000003050400000001 000000", true, Size, "4.2" },
        { "000004050c00000001 00 000000", true, Size, "4.2" },
        { "000006050c00000001 02 00000002 00", true, Protocol, "6.6" }, // padding over the promised stream
        { "000004050400000001 00000000", true, Protocol, "6.6" }, // promises stream 0
        { "000004050400000001 00000003", true, Protocol, "6.6" }, // promises a stream of clients
        { "000008060000000001 0000000000000000", true, Protocol, "6.7" }, // PING on a stream
        { "000007060000000000 00000000000000", true, Size, "6.7" },
        { "000009060100000000 000000000000000000", true, Size, "6.7" },
        { "000008070000000001 0000000000000000", true, Protocol, "6.8" }, // GOAWAY on a stream
        { "000007070000000000 00000000000000", true, Size, "6.8" },
        { "000000070000000000", true, Size, "6.8" },
        { "000003080000000000 000001", true, Size, "6.9" }, // WINDOW_UPDATE
        { "000005080000000001 0000000001", true, Size, "6.9" },
        { "000004080000000000 00000000", true, Protocol, "6.9" },
        { "000004080000000001 00000000", false, Protocol, "6.9" },
        { "000004080000000001 80000000", false, Protocol, "6.9" }, // the reserved bit is no increment
        { "000000090400000000", true, Protocol, "6.10" }, // CONTINUATION on stream 0
        { "0000010a0000000001 00", false, Size, "4" }, // ALTSVC without its length
        { "0000010a0000000000 00", true, Size, "4" },
        { "0000030a0000000001 0002 61", false, Size, "4" },
        { "0000010c0000000000 00", true, Size, "2.1" }, // ORIGIN with half a length
        { "0000060c0000000000 0001 61 0005 61", true, Size, "2.1" },
        { "000004100000000001 00000001", true, Protocol, "7.1" }, // PRIORITY_UPDATE on a stream
        { "000003100000000000 000000", true, Size, "7.1" },
        { "000004100000000000 00000000", true, Protocol, "7.1" },
        { "000004100000000000 80000000", true, Protocol, "7.1" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_frame_is_a_fault_with_its_scope_its_code_and_its_section(
        string hex, bool connection, ErrorCode code, string section)
    {
        var octets = Expect.Hex(hex);
        var fault = Expect.Fault(octets);
        Assert.Equal((code, section), (fault.Code, fault.Rule.Section));
        if (connection)
            Assert.IsType<Fault.OfConnection>(fault);
        else
            Assert.Equal(FrameHeader.Parse(octets.Span).StreamId, Assert.IsType<Fault.OfStream>(fault).Id);
    }

    [Theory]
    [InlineData("004001000000000001", false)] // DATA
    [InlineData("004001010000000001", true)] // HEADERS
    [InlineData("004001020000000001", false)] // PRIORITY
    [InlineData("004001030000000001", false)] // RST_STREAM
    [InlineData("004001040000000000", true)] // SETTINGS
    [InlineData("004001040000000001", true)]
    [InlineData("004001050000000001", true)] // PUSH_PROMISE
    [InlineData("004001060000000000", true)] // PING
    [InlineData("004001070000000000", true)] // GOAWAY
    [InlineData("004001080000000000", true)] // WINDOW_UPDATE of the connection
    [InlineData("004001080000000001", false)]
    [InlineData("004001090000000001", true)] // CONTINUATION
    [InlineData("004001ee0000000001", false)] // unknown
    [InlineData("ffffffee0000000000", true)]
    public void A_frame_that_is_too_large_is_a_fault_before_its_payload_came(string hex, bool connection)
    {
        var fault = Expect.Fault(hex);
        Assert.Equal(Size, fault.Code);
        Assert.Equal("4.2", fault.Rule.Section);
        Assert.Equal(connection, fault is Fault.OfConnection);
    }

    [Fact]
    public void A_frame_of_exactly_the_largest_size_is_taken()
    {
        var frame = new Frame.Data(new(1), 0, new DataPayload(new Octets(new byte[16384])));
        Assert.Equal(frame, Expect.Complete(Pure.Frames.Serialize(frame)).Frame);
    }

    [Fact]
    public void A_larger_limit_takes_larger_frames()
    {
        var octets = Pure.Frames.Serialize(new Frame.Data(new(1), 0, new DataPayload(new Octets(new byte[20000]))));
        Assert.True(Pure.Frames.Parse(octets, new FrameLimits(20000, 32)).IsRight);
        Assert.True(Pure.Frames.Parse(octets, new FrameLimits(19999, 32)).IsLeft);
    }

    [Fact]
    public void More_settings_than_the_limit_are_too_much()
    {
        var entries = Enumerable.Range(0, 33).Select(i => new Setting((SettingId)(0x100 + i), 1)).ToArray();
        Expect.Complete(Pure.Frames.Serialize(new Frame.Settings(0, SettingsPayload.Of(entries.AsSpan(0, 32)))));
        var fault = Expect.Fault(Pure.Frames.Serialize(new Frame.Settings(0, SettingsPayload.Of(entries))));
        Assert.IsType<Fault.OfConnection>(fault);
        Assert.Equal(ErrorCode.EnhanceYourCalm, fault.Code);
    }

    [Theory]
    [InlineData(SettingId.EnablePush, 0, 1)]
    [InlineData(SettingId.InitialWindowSize, 0, 0x7fffffff)]
    [InlineData(SettingId.MaxFrameSize, 16384, 16777215)]
    [InlineData(SettingId.EnableConnectProtocol, 0, 1)]
    [InlineData(SettingId.NoRfc7540Priorities, 0, 1)]
    [InlineData(SettingId.HeaderTableSize, 0, uint.MaxValue)]
    [InlineData(SettingId.MaxConcurrentStreams, 0, uint.MaxValue)]
    [InlineData(SettingId.MaxHeaderListSize, 0, uint.MaxValue)]
    [InlineData((SettingId)0xbeef, 0, uint.MaxValue)]
    public void Settings_are_taken_at_both_ends_of_their_range(SettingId id, uint least, uint most)
    {
        Assert.Null(SettingRules.Judge(new Setting(id, least)));
        Assert.Null(SettingRules.Judge(new Setting(id, most)));
        Assert.Equal(most == uint.MaxValue, SettingRules.Judge(new Setting(id, most + 1)) is null);
    }

    [Fact]
    public void Only_clients_may_enable_push()
    {
        var enable = new Setting(SettingId.EnablePush, 1);
        Assert.Null(SettingRules.Judge(enable, Role.Client));
        Assert.Equal(Protocol, SettingRules.Judge(enable, Role.Server)?.Code);
        Assert.Null(SettingRules.Judge(new Setting(SettingId.EnablePush, 0), Role.Server));
        Assert.Equal(Protocol, SettingRules.Judge(new Setting(SettingId.EnablePush, 2), Role.Client)?.Code);
    }

    [Fact]
    public void Headers_may_depend_on_themselves()
    {
        var octets = Expect.Hex("000006012400000001 80000001 0f 82");
        var header = FrameHeader.Parse(octets.Span);
        Assert.Null(HeadersFrame.Parse(header, octets.Memory[9..], out var headers));
        Assert.Equal("82", headers.Fragment.ToHex());
        Assert.Equal(new PriorityPayload(true, new(1), 16), headers.Priority);
    }

    [Fact]
    public void The_rules_differ_from_each_other()
    {
        var rules = (
            from type in typeof(FrameRules).Assembly.GetTypes()
            where type == typeof(FrameRules) || type.Name.EndsWith("Frame", StringComparison.Ordinal)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            where field.FieldType == typeof(Rule)
            select (Rule)field.GetValue(null)!).ToArray();
        Assert.True(rules.Length > 25);
        Assert.Equal(rules.Length, rules.Distinct().Count());
        Assert.All(rules, rule => Assert.False(string.IsNullOrWhiteSpace(rule.Requirement)));
    }

    [Fact]
    public void A_header_is_nine_octets_and_fewer_are_refused()
    {
        for (var length = 0; length < FrameHeader.Size; length++)
        {
            var octets = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>("octets", () => FrameHeader.Parse(octets));
        }
    }
}
