using System.Collections.Immutable;
using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Http2.TestSupport;
using LanguageExt;
using Xunit;

namespace Http2.Properties.Recordings;

/// <summary>The recording format: what is written is read back, and anything else is an error with its place.</summary>
public sealed class RecordingTests
{
    private static readonly HeaderField Secret = new("authorization", "x", neverIndexed: true);

    private static readonly ImmutableArray<Input> OneOfEach =
    [
        new Input.Received(Octets.FromHex("00ff"), 7), new Input.EndOfInput(), new Input.Tick(5), new Input.Drain(-1),
        new Input.SubmitResponse(new(1), new OutboundHead(200, [Secret, ("a", "")], 3, ("date", "now")), "abc", true),
        new Input.SubmitResponse(new(3), new OutboundHead(204, []), default, false),
        new Input.SubmitInformational(new(1), new OutboundHead(103, [("link", "x")])),
        new Input.SubmitData(new(5), "data", false), new Input.SubmitTrailers(new(5), [("t", "1")]),
        new Input.SubmitPush(new(1), [(":method", "GET")]), new Input.SubmitRequest([(":path", "/"), Secret], true),
        new Input.SubmitReset(new(WireConstants.MaxStreamId), (ErrorCode)0xffffffff), new Input.SubmitPing(ulong.MaxValue),
        new Input.SubmitPriority(new(7), "u=1, i"),
        new Input.SubmitSettings([new(SettingId.MaxFrameSize, 16384), new((SettingId)0xabcd, uint.MaxValue)], long.MaxValue),
        new Input.Shutdown(long.MinValue), new Input.Abort(ErrorCode.InternalError), new Input.Consume(new(1), int.MaxValue),
        new Input.Retire(new(2)), new Input.BoundUnread(0), new Input.BoundUnread(long.MaxValue), new Input.Disconnected(),
        new Input.SetDate(("date", "now")), new Input.SetDate(null),
    ];

    [Fact]
    public void There_is_an_example_of_every_input() =>
        Assert.Equal(
            typeof(Input).GetNestedTypes().Where(type => type.BaseType == typeof(Input)).Select(type => type.Name).Order(),
            OneOfEach.Select(input => input.GetType().Name).Distinct().Order());

    [Fact]
    public void Every_input_survives()
    {
        var read = Read(Write(OneOfEach));
        Assert.Equal(OneOfEach.Length, read.Inputs.Length);
        foreach (var (written, back) in OneOfEach.Zip(read.Inputs))
            Assert.Equivalent(written, back, strict: true);
    }

    [Fact]
    public void Role_time_and_what_was_sent_survive()
    {
        var sent = new SentDigest(long.MaxValue, ulong.MaxValue);
        var recording = new Recording(Role.Client, ConnectionOptions.Default, -5, []) { Sent = sent };
        var read = Read(recording.Encode());
        Assert.Equal((Role.Client, -5L, sent), (read.Role, read.OpenedAt, read.Sent.IfNone(SentDigest.Empty)));
        Assert.True(Read((recording with { Sent = default }).Encode()).Sent.IsNone);
    }

    /// <summary>Each option is set by itself, so that none can be written in another's place, or not at all.</summary>
    [Fact]
    public void Every_option_survives()
    {
        foreach (var property in typeof(ConnectionOptions).GetProperties().Where(property => property.CanWrite))
        {
            var options = ConnectionOptions.Default with { };
            property.SetValue(options, Other(property.GetValue(options)!));
            Assert.Equal(options, Read(new Recording(Role.Server, options, 0, []).Encode()).Options);
        }
    }

    [Fact]
    public void Options_that_a_recording_leaves_out_are_the_defaults()
    {
        // magic, server, one option of 5, opened at 0
        var read = Read(Octets.FromHex("483252454301" + "00" + "01" + "05" + "00"));
        Assert.Equal(ConnectionOptions.Default with { MaxConcurrentStreams = 5 }, read.Options);
    }

    [Theory]
    [InlineData("", 0, "H2REC")]
    [InlineData("483252454302", 0, "H2REC")]
    [InlineData("483252454301", 6, "ends inside its beginning")]
    [InlineData("483252454301" + "82", 6, "ends inside its beginning")] // of a number that breaks off nothing is taken
    [InlineData("483252454301" + "02" + "00" + "00", 7, "role 2")]
    [InlineData("483252454301" + "02" + "7f00" + "00", 7, "role 2")] // the first of several errors
    [InlineData("483252454301" + "02" + "ffffffffffffffffff02", 7, "role 2")]
    [InlineData("483252454301" + "00" + "01" + "8080808010" + "ffffffffffffffffff02", 13, "option 0")]
    [InlineData("483252454301" + "00" + "01" + "ffffffffffffffffff02" + "00", 8, "64 bits")]
    [InlineData("483252454301" + "00" + "7f00" + "ffffffffffffffffff02", 8, "newer version")]
    [InlineData("483252454301" + "00" + "00" + "00" + "0cffffffffffffffffffff01", 10, "64 bits")]
    [InlineData("483252454301" + "00" + "7f00" + "00", 8, "newer version")]
    [InlineData("483252454301" + "00" + "01" + "8080808010" + "00", 13, "option 0")]
    [InlineData("483252454301" + "00" + "01" + "8080808008" + "00", 13, "option 0")] // 2^31
    [InlineData("483252454301" + "00" + "00", 8, "ends inside its beginning")]
    [InlineData("483252454301" + "00" + "00" + "00" + "63", 10, "unknown kind 99")]
    [InlineData("483252454301" + "00" + "00" + "00" + "0cffffffffffffffffff02", 10, "64 bits")]
    public void What_is_no_recording_is_an_error_with_its_place(string hex, int offset, string message)
    {
        var error = Recording.Decode(Octets.FromHex(hex)).Match(Right: _ => throw new InvalidOperationException("accepted"), Left: e => e);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
        Assert.False(Recording.TryDecode(Octets.FromHex(hex), out var none, out var tried));
        Assert.Equal((null, error), (none, tried));
    }

    [Fact]
    public void A_recording_that_breaks_off_gives_the_entries_before()
    {
        var whole = Write(OneOfEach);
        var empty = Write([]).Length;
        var counts = new List<int>();
        for (var length = empty; length <= whole.Length; length++)
            counts.Add(Read(whole.Slice(0, length)).Inputs.Length);
        Assert.Equal(0, counts[0]);
        Assert.Equal(OneOfEach.Length, counts[^1]);
        Assert.All(counts.Zip(counts.Skip(1), (before, after) => after - before), more => Assert.InRange(more, 0, 1));
    }

    [Fact]
    public void A_digest_that_breaks_off_is_none()
    {
        var recording = new Recording(Role.Server, ConnectionOptions.Default, 3, []) { Sent = new SentDigest(300, ulong.MaxValue) };
        var whole = recording.Encode();
        for (var length = Write([]).Length; length < whole.Length; length++)
            Assert.True(Read(whole.Slice(0, length)).Sent.IsNone);
        Assert.Equal(recording.Sent, Read(whole).Sent);
    }

    [Fact]
    public void The_largest_option_there_is_survives()
    {
        var options = ConnectionOptions.Default with { MaxConcurrentStreams = int.MaxValue };
        Assert.Equal(options, Read(new Recording(Role.Server, options, 0, []).Encode()).Options);
    }

    [Fact]
    public void A_recording_that_breaks_off_in_its_beginning_is_an_error()
    {
        var whole = Write([]);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.True(Recording.Decode(whole.Slice(0, length)).IsLeft);
            Assert.False(Recording.TryDecode(whole.Slice(0, length), out _, out _));
        }
        Assert.True(Recording.TryDecode(whole, out var recording, out var none));
        Assert.Null(none);
        Assert.Equal(whole, recording.Encode());
    }

    [Property(MaxTest = 2000)]
    internal static void Any_octets_give_a_recording_or_an_error(AnyOctets tail)
    {
        var octets = new Octets((byte[])[.. "H2REC\x01"u8, 0, 0, 0, .. tail]);
        Recording.Decode(octets).IfRight(recording => _ = recording.Replay().Count());
    }

    [Property]
    internal static void Numbers_survive(ulong value, long signed)
    {
        var output = new OutputBuffer();
        Varint.Write(output, value);
        Varint.WriteSigned(output, signed);
        var first = Varint.Read(output.WrittenMemory.Span, out var back);
        var second = Varint.Read(output.WrittenMemory.Span[first..], out var folded);
        Assert.Equal((value, signed, output.Length), (back, Varint.Unfold(folded), first + second));
    }

    [Fact]
    public void The_digest_is_FNV_1a() =>
        Assert.Equal(new SentDigest(3, 0xe71fa2190541574b), SentDigest.Empty.Add("a"u8).Add(default).Add("bc"u8));

    [Fact]
    public void A_refused_command_replays_as_refused()
    {
        var steps = Read(Write([new Input.SubmitReset(new(1), ErrorCode.Cancel)])).Replay().ToList();
        Assert.Equal([Refusal.None, Refusal.StreamClosed], steps.Select(step => step.Refusal));
        Assert.Equal(steps[0].Result.State, steps[1].Result.State);
        Assert.True(steps[1].Result.Output.IsEmpty);
    }

    private static object Other(object value) => value switch
    {
        bool b => !b,
        int i => i + 1,
        TimeSpan time => time + TimeSpan.FromMilliseconds(1),
        PaceLimit pace => new PaceLimit(pace.Rate + 1, pace.Period + TimeSpan.FromMilliseconds(2)),
        RateLimit limit => new RateLimit(limit.Burst + 1, limit.PerSecond + 2),
        _ => throw new InvalidOperationException($"no other value for {value.GetType()}"),
    };

    private static Octets Write(ImmutableArray<Input> inputs) => new Recording(Role.Server, ConnectionOptions.Default, 3, inputs).Encode();

    private static Recording Read(Octets octets) => Recording.Decode(octets).Match(
        Right: recording => recording, Left: error => throw new InvalidOperationException($"{error.Offset}: {error.Message}"));
}
