using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class FieldRuleTests
{
    private const string TokenPunctuation = "!#$%&'*+-.^_`|~";

    public static IEnumerable<object[]> AllOctets => Enumerable.Range(0, 256).Select(octet => new object[] { (byte)octet });

    private static bool MayBeInName(byte octet) =>
        octet is >= (byte)'a' and <= (byte)'z' or >= (byte)'0' and <= (byte)'9' ||
        TokenPunctuation.Contains((char)octet, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(AllOctets))]
    public void A_name_has_only_octets_of_lower_case_tokens_at_every_place(byte octet)
    {
        // long enough for the vectorised search, and the octet at every place of it
        for (var length = 1; length <= 40; length += 13)
        {
            for (var at = 0; at < length; at++)
            {
                var name = Filled(length, at, octet);
                var traits = FieldRules.Judge(name, "v"u8, 0);
                var pseudo = at == 0 && octet == ':';
                Assert.Equal(!MayBeInName(octet) && !pseudo, (traits & FieldTraits.BadName) != 0);
                Assert.Equal(pseudo, (traits & FieldTraits.Pseudo) != 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllOctets))]
    public void A_value_has_no_NUL_CR_or_LF_anywhere_and_no_blank_at_its_ends(byte octet)
    {
        for (var length = 1; length <= 40; length += 13)
        {
            for (var at = 0; at < length; at++)
            {
                var edge = at == 0 || at == length - 1;
                var bad = octet is 0 or (byte)'\r' or (byte)'\n' || edge && octet is (byte)' ' or (byte)'\t';
                Assert.Equal(bad, (FieldRules.Judge("name"u8, Filled(length, at, octet), 0) & FieldTraits.BadValue) != 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllOctets))]
    public void An_octet_is_judged_the_same_coming_and_going(byte octet)
    {
        var name = new HeaderField(new Octets(new[] { (byte)'x', octet }), "v");
        Assert.Equal(MayBeInName(octet), OutboundRules.JudgeResponse([name], out _) is null);
        Assert.Equal(MayBeInName(octet), OutboundRules.JudgeTrailers([name], ofRequest: true) is null);
        Assert.Equal(MayBeInName(octet), Sections.Response([new(":status", "200"), name], out _, out _) is HeadVerdict.Accepted);
        var value = new HeaderField("x", new Octets(new[] { octet, (byte)'v' }));
        var good = octet is not (0 or (byte)'\r' or (byte)'\n' or (byte)' ' or (byte)'\t');
        Assert.Equal(good, OutboundRules.JudgeResponse([value], out _) is null);
        Assert.Equal(good, Sections.Response([new(":status", "200"), value], out _, out _) is HeadVerdict.Accepted);
    }

    [Fact]
    public void An_empty_name_is_malformed_and_an_empty_value_is_not()
    {
        Assert.Equal(FieldTraits.BadName, FieldRules.Judge(""u8, "v"u8, 0));
        Assert.Equal(FieldTraits.None, FieldRules.Judge("x"u8, ""u8, 0));
    }

    [Fact]
    public void Blanks_inside_a_value_are_fine() => Assert.Equal(FieldTraits.None, FieldRules.Judge("x"u8, "a \t b"u8, 0));

    [Theory]
    [InlineData("connection", "close")]
    [InlineData("keep-alive", "timeout=5")]
    [InlineData("proxy-connection", "keep-alive")]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("transfer-encoding", "")]
    [InlineData("upgrade", "h2c")]
    [InlineData("te", "gzip")]
    [InlineData("te", "trailers, gzip")]
    [InlineData("te", "")]
    public void Fields_of_the_connection_occur_nowhere(string name, string value)
    {
        var field = new HeaderField(name, value);
        Assert.Equal(HeaderRules.ConnectionField, OutboundRules.JudgeResponse([field], out _));
        Assert.Equal(HeaderRules.ConnectionField, OutboundRules.JudgeTrailers([field], ofRequest: true));
        Assert.Equal(HeaderRules.ConnectionField, OutboundRules.JudgeTrailers([field], ofRequest: false));
        Sections.Request([.. RequestRuleTests.Get, field], out _, out var request);
        Assert.Equal(HeaderRules.ConnectionField, request?.Rule);
        Sections.Response([new(":status", "200"), field], out _, out var response);
        Assert.Equal(HeaderRules.ConnectionField, response?.Rule);
        var trailers = Sections.FaultOf(ResponseRules.JudgeTrailers(new(1), Sections.Of(field), true, true, ConnectionOptions.Default));
        Assert.Equal(HeaderRules.ConnectionField, trailers?.Rule);
    }

    [Theory]
    [InlineData("trailers")]
    [InlineData("Trailers")]
    public void Requests_may_say_that_trailers_are_welcome_and_responses_may_not(string value)
    {
        var te = new HeaderField("te", value);
        Assert.IsType<HeadVerdict.Accepted>(Sections.Request([.. RequestRuleTests.Get, te], out _, out _));
        Sections.Response([new(":status", "200"), te], out _, out var fault);
        Assert.Equal(HeaderRules.ConnectionField, fault?.Rule);
        Assert.Equal(HeaderRules.ConnectionField, OutboundRules.JudgeResponse([te], out _));
    }

    [Property(MaxTest = 500)]
    public void The_verdict_kept_in_a_field_is_the_one_that_a_fresh_field_gets(byte[] name, byte[] value)
    {
        var field = new HeaderField(new Octets(name), new Octets(value));
        var first = FieldRules.Judge(field);
        Assert.Equal(first, FieldRules.Judge(field));
        Assert.Equal(first, FieldRules.Judge(name, value, 0));
        Assert.NotEqual(0, field.Verdict);
        Assert.Equal(field, new HeaderField(new Octets(name), new Octets(value)));
    }

    [Theory]
    [InlineData("content-length")]
    [InlineData("host")]
    [InlineData("transfer-encoding")]
    [InlineData("cookie")]
    [InlineData("accept")]
    [InlineData("www-authenticate")]
    [InlineData(":authority")]
    [InlineData(":method")]
    [InlineData(":path")]
    [InlineData(":scheme")]
    [InlineData(":status")]
    public void A_name_is_judged_the_same_by_its_number_and_by_its_octets(string name)
    {
        var field = new HeaderField(name, "1");
        Assert.NotEqual(0, field.Token);
        Assert.Equal(FieldRules.Judge(field.Name.Span, "1"u8, 0), FieldRules.Judge(field.Name.Span, "1"u8, field.Token));
    }

    private static byte[] Filled(int length, int at, byte octet)
    {
        var octets = new byte[length];
        octets.AsSpan().Fill((byte)'x');
        octets[at] = octet;
        return octets;
    }
}
