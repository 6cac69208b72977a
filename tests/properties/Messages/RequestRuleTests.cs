using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Messages;

public sealed class RequestRuleTests
{
    public static readonly HeaderField[] Get = Sections.Fields(":method=GET|:scheme=https|:authority=example.org|:path=/");

    private static readonly ConnectionOptions Extended = new() { EnableConnectProtocol = true };

    public static TheoryData<string, string> Malformed => new()
    {
        // fields; the section of the rule
        { "", "8.3.1" },
        { ":scheme=https|:authority=a|:path=/", "8.3.1" }, // no method
        { ":method=GET|:authority=a|:path=/", "8.3.1" }, // no scheme
        { ":method=GET|:scheme=https|:authority=a", "8.3.1" }, // no path
        { ":method=GET|:scheme=https|:path=/", "8.3.1" }, // no authority at all
        { ":method=GET|:scheme=HTTP|:path=/", "8.3.1" },
        { ":method=HEAD|:scheme=https|:path=/", "8.3.1" },
        { ":method=options|:scheme=https|:path=/", "8.3.1" },
        { ":method=OPTIONS|:scheme=https|:authority=|:path=/", "8.3.1" }, // none is not the same as an empty one
        { ":method=GET|:method=GET|:scheme=https|:authority=a|:path=/", "8.3" },
        { ":method=GET|:scheme=https|:scheme=https|:authority=a|:path=/", "8.3" },
        { ":method=GET|:scheme=https|:authority=a|:authority=a|:path=/", "8.3" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|:path=/", "8.3" },
        { ":method=GET|:scheme=https|:authority=a|x=y|:path=/", "8.3" }, // behind a regular field
        { "x=y|:method=GET|:scheme=https|:authority=a|:path=/", "8.3" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|:x=y", "8.3" }, // undefined
        { ":method=GET|:scheme=https|:authority=a|:path=/|:=y", "8.3" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|:status=200", "8.3" }, // of responses
        { ":method=|:scheme=https|:authority=a|:path=/", "8.3.1" },
        { ":method=G ET|:scheme=https|:authority=a|:path=/", "8.3.1" },
        { ":method=GE(T|:scheme=https|:authority=a|:path=/", "8.3.1" },
        { ":method=GÉT|:scheme=https|:authority=a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=|:authority=a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=1http|:authority=a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=ht tp|:authority=a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https:|:authority=a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=x", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=*", "8.3.1" }, // not OPTIONS
        { ":method=OPTIONS|:scheme=https|:authority=a|:path=*x", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=https://a/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/a b", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/a\u007f", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/a\u0001", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/a\u0000", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/a#b", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=|:path=/|host=a", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=u@a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=u:p@a|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a/b|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a b|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a:b|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a:1:2|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=:443|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=[::1|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=[]|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=[::1]x|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=é|:path=/", "8.3.1" },
        { ":method=GET|:scheme=https|:authority= a|:path=/", "8.2.1" },
        { ":method=GET|:scheme=https|:path=/|host=", "8.3.1" },
        { ":method=GET|:scheme=https|:path=/|host=u@a", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|host=b", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|host=", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|host=a:80", "8.3.1" },
        { ":method=GET|:scheme=coap|:authority=a|:path=/|host=a:80", "8.3.1" }, // 80 is the port of http alone
        { ":method=GET|:scheme=coap|:authority=a|:path=/|host=a:443", "8.3.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|host=a|host=a", "7.2" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|Host=a", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|x:y=z", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|x y=z", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|x= y", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|x=y\t", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|x=y\r\nz", "8.2.1" },
        { ":method=GET|:scheme=https|:authority=a|:path=/|upgrade=h2c", "8.2.2" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=+0", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=-1", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=0x0", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=0, 0", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=9223372036854775808", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=0|content-length=1", "8.1.1" },
        { ":method=POST|:scheme=https|:authority=a|:path=/|content-length=5", "8.1.1" }, // and END_STREAM
        { ":method=CONNECT|:authority=a", "8.5" }, // no port
        { ":method=CONNECT|:authority=a:", "8.5" },
        { ":method=CONNECT|:authority=:443", "8.5" },
        { ":method=CONNECT", "8.5" },
        { ":method=CONNECT|host=a:443", "8.5" },
        { ":method=CONNECT|:scheme=https|:authority=a:443", "8.5" },
        { ":method=CONNECT|:authority=a:443|:path=/", "8.5" },
        { ":method=CONNECT|:authority=a:443|host=b:443", "8.3.1" },
        { ":method=CONNECT|:protocol=websocket|:scheme=https|:authority=a|:path=/", "4" }, // not allowed
        { ":method=GET|:protocol=websocket|:scheme=https|:authority=a|:path=/", "4" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_request_is_a_stream_error_by_its_rule(string text, string section)
    {
        Assert.IsType<HeadVerdict.Malformed>(Sections.Request(Sections.Fields(text), out _, out var fault));
        var stream = Assert.IsType<Fault.OfStream>(fault);
        Assert.Equal((Sections.Stream, ErrorCode.ProtocolError, section), (stream.Id, stream.Code, stream.Rule.Section));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_would_be_malformed_is_not_sent_either(string text, string section) =>
        Assert.Equal(section, OutboundRules.JudgeRequest(Sections.Fields(text), true, false, out _)?.Section);

    [Theory]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/")]
    [InlineData(":path=/|:authority=a|:scheme=https|:method=GET")]
    [InlineData(":method=get|:scheme=http|:authority=a|:path=/")] // methods are case-sensitive tokens, so this is another method
    [InlineData(":method=M-SEARCH|:scheme=https|:authority=a|:path=/")]
    [InlineData(":method=OPTIONS|:scheme=https|:authority=a|:path=*")]
    [InlineData(":method=OPTIONS|:scheme=https|:authority=a|:path=/")]
    [InlineData(":method=OPTIONS|:scheme=https|:path=/")] // what HAProxy asks by default
    [InlineData(":method=OPTIONS|:scheme=http|:path=*")]
    [InlineData(":method=GET|:scheme=https|:path=/|host=a")]
    [InlineData(":method=GET|:scheme=coap+tcp|:path=/")] // a scheme that may have no authority
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/|host=a")]
    [InlineData(":method=GET|:scheme=https|:authority=A.b|:path=/|host=a.B")]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/|host=a:443")]
    [InlineData(":method=GET|:scheme=http|:authority=a:80|:path=/|host=a")]
    [InlineData(":method=GET|:scheme=http|:authority=a:|:path=/|host=a:0080")]
    [InlineData(":method=GET|:scheme=https|:authority=[2001:db8::1]:8443|:path=/")]
    [InlineData(":method=GET|:scheme=https|:authority=127.0.0.1:1|:path=/")]
    [InlineData(":method=GET|:scheme=https|:authority=x_y~%41|:path=/")]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/é?q=ü&x=[1]")]
    [InlineData(":method=POST|:scheme=https|:authority=a|:path=/|content-length=0")]
    [InlineData(":method=POST|:scheme=https|:authority=a|:path=/|content-length=0|content-length=00")]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/|x=|te=trailers|cookie=a=b")]
    [InlineData(":method=CONNECT|:authority=a:443")]
    [InlineData(":method=CONNECT|:authority=[::1]:443|host=[::1]:443")]
    public void A_well_formed_request_is_accepted_and_may_be_sent(string text)
    {
        var verdict = Sections.Request(Sections.Fields(text), out _, out var fault);
        Assert.Equal((HeadVerdict.Accepted.Verdict, null), (verdict, fault));
        Assert.Null(OutboundRules.JudgeRequest(Sections.Fields(text), true, false, out _));
    }

    [Fact]
    public void The_head_gives_its_parts_by_name()
    {
        var fields = Sections.Fields(":path=/p?q|:scheme=http|:authority=a:1|:method=POST|x=y|host=a:1|content-length=12");
        Assert.IsType<HeadVerdict.Accepted>(Sections.Request(fields, out var head, out _, endStream: false));
        Assert.Equal("POST"u8, head.Method);
        Assert.Equal("http"u8, head.Scheme);
        Assert.Equal("a:1"u8, head.Authority);
        Assert.Equal("/p?q"u8, head.Path);
        Assert.True(head.Protocol.IsEmpty);
        Assert.Equal((4, 12L, 7), (head.FirstRegular, head.ContentLength, head.Fields.Count));
    }

    [Theory]
    [InlineData(":authority=a:1", "a:1")]
    [InlineData(":authority=A|host=a", "A")]
    [InlineData("host=a", "a")]
    public void The_authority_comes_before_the_host(string named, string authority)
    {
        var fields = Sections.Fields($":method=GET|:scheme=https|:path=/|{named}");
        Assert.IsType<HeadVerdict.Accepted>(Sections.Request(fields, out var head, out _));
        Assert.Equal(Octets.FromString(authority).Span, head.Authority);
    }

    public static TheoryData<string, string> First => new()
    {
        { ":method=GET|:authority=a|:path=/", nameof(HeaderRules.PseudoMissing) },
        { ":method=GET|:scheme=https|:authority=a", nameof(HeaderRules.PseudoMissing) },
        { ":method=GET|:scheme=|:authority=a|:path=", nameof(HeaderRules.Scheme) },
        { ":method=GET|:scheme=https|:authority=u@a|:path=x", nameof(HeaderRules.Path) },
        { ":method=GET|:scheme=https|:authority=u@a|:path=/|content-length=5", nameof(HeaderRules.Authority) },
        { ":method=GET|:scheme=https|:authority=a|:path=/|content-length=5", nameof(HeaderRules.ContentLengthEnd) },
        { ":method=GET|:scheme=https|:authority=a|:path=/|:status=200", nameof(HeaderRules.PseudoUnknown) },
        { ":method=GET|:method=GET|:scheme=https|:authority=a|:path=/", nameof(HeaderRules.PseudoDuplicate) },
    };

    [Theory]
    [MemberData(nameof(First))]
    public void Of_several_rules_the_first_is_named(string text, string rule)
    {
        Sections.Request(Sections.Fields(text), out _, out var fault);
        Assert.Equal(typeof(HeaderRules).GetField(rule)!.GetValue(null), fault?.Rule);
    }

    [Fact]
    public void A_promise_opens_no_tunnel()
    {
        const string text = ":method=CONNECT|:protocol=websocket|:scheme=https|:authority=a|:path=/";
        var fields = Sections.Of(Sections.Fields(text));
        var fault = Sections.FaultOf(RequestRules.JudgePromise(new(2), fields, Extended, out _));
        Assert.Equal(HeaderRules.Protocol, fault?.Rule);
    }

    [Fact]
    public void A_content_length_is_digits_and_nothing_behind_them()
    {
        var length = DeclaredLength.None;
        // a NUL behind the digits is what parsers of numbers pass over
        foreach (var text in (string[])["5\0", "\05", "", " 5", "5 ", "+5", "5,5", "18446744073709551621"])
            Assert.False(DeclaredLength.TryAdd(Octets.FromString(text).Span, ref length), text);
        Assert.Equal(DeclaredLength.None, length);
        Assert.True(DeclaredLength.TryAdd("9223372036854775807"u8, ref length));
        Assert.Equal(long.MaxValue, length.OctetsOrMinusOne);
    }

    [Fact]
    public void The_authority_is_the_host_when_only_that_came_even_behind_many_fields()
    {
        // more fields in front than an octet can count
        var many = Enumerable.Range(0, 300).Select(i => new HeaderField("cookie", $"c{i}"));
        var options = new ConnectionOptions { MaxCookieCrumbs = 400 };
        var fields = Sections.Fields(":method=GET|:scheme=https|:path=/").Concat(many).Append(new HeaderField("host", "example.org"));
        Assert.IsType<HeadVerdict.Accepted>(Sections.Request(fields, out var head, out _, options: options));
        Assert.Equal("example.org"u8, head.Authority);
    }

    [Fact]
    public void A_body_may_follow_a_content_length()
    {
        var fields = Get.Append(new HeaderField("content-length", "5"));
        Assert.IsType<HeadVerdict.Accepted>(Sections.Request(fields, out var head, out _, endStream: false));
        Assert.Equal(5, head.ContentLength);
        Sections.Request(Get, out head, out _);
        Assert.Equal(-1, head.ContentLength);
    }

    [Theory]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=https|:authority=a|:path=/chat", true)]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=https|:authority=a|:path=*", false)]
    [InlineData(":method=CONNECT|:protocol=websocket|:authority=a|:path=/chat", false)]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=https|:authority=a", false)]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=https|:path=/|host=a", false)]
    [InlineData(":method=CONNECT|:protocol=|:scheme=https|:authority=a|:path=/", false)]
    [InlineData(":method=GET|:protocol=websocket|:scheme=https|:authority=a|:path=/", false)]
    [InlineData(":method=CONNECT|:protocol=a|:protocol=a|:scheme=https|:authority=a|:path=/", false)]
    [InlineData(":method=CONNECT|:authority=a:443", true)]
    public void Extended_connect_has_rules_of_its_own_once_it_is_allowed(string text, bool accepted)
    {
        var verdict = Sections.Request(Sections.Fields(text), out var head, out _, endStream: false, Extended);
        Assert.Equal(accepted, verdict is HeadVerdict.Accepted);
        Assert.Equal(accepted, OutboundRules.JudgeRequest(Sections.Fields(text), false, true, out var request) is null);
        Assert.Equal(accepted, request.Kind == RequestKind.Connect);
        if (accepted && !head.Path.IsEmpty)
            Assert.Equal("websocket"u8, head.Protocol);
    }

    [Theory]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/", true)]
    [InlineData(":method=HEAD|:scheme=https|:authority=a|:path=/", true)]
    [InlineData(":method=POST|:scheme=https|:authority=a|:path=/", false)]
    [InlineData(":method=OPTIONS|:scheme=https|:authority=a|:path=/", false)]
    [InlineData(":method=GET|:scheme=coap|:path=/", false)]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/|content-length=3", false)]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/|connection=x", false)]
    public void Only_safe_and_cacheable_requests_without_a_body_are_promised(string text, bool accepted)
    {
        var fields = Sections.Of(Sections.Fields(text));
        var verdict = RequestRules.JudgePromise(new(2), fields, ConnectionOptions.Default, out _);
        var fault = Sections.FaultOf(verdict);
        Assert.Equal(accepted, verdict is HeadVerdict.Accepted);
        Assert.Equal(accepted ? null : new StreamId(2), (fault as Fault.OfStream)?.Id);
        Assert.Equal(accepted, OutboundRules.JudgePromise(Sections.Fields(text), out _) is null);
    }

    [Fact]
    public void A_request_to_send_says_what_its_answer_looks_like()
    {
        var fields = Sections.Fields(":method=HEAD|:scheme=https|:authority=a|:path=/");
        Assert.Null(OutboundRules.JudgeRequest(fields, true, false, out var head));
        Assert.Equal(new OutboundRequest(RequestKind.Head, DeclaredLength.None, IsExtendedConnect: false), head);
        Assert.Null(OutboundRules.JudgeRequest([.. Get, new("content-length", "7")], false, false, out var sized));
        Assert.Equal(new OutboundRequest(RequestKind.Plain, DeclaredLength.Of(7), IsExtendedConnect: false), sized);
        Assert.Null(OutboundRules.JudgeRequest(Sections.Fields(":method=CONNECT|:authority=a:1"), false, false, out var tunnel));
        Assert.Equal(new OutboundRequest(RequestKind.Connect, DeclaredLength.None, IsExtendedConnect: false), tunnel);
    }

    [Property(MaxTest = 500)]
    public void Any_section_is_judged_and_nothing_throws(AnyOctets[] names, AnyOctets[] values, bool endStream)
    {
        var fields = names.Zip(values, (name, value) => new HeaderField(new Octets(name), new Octets(value))).ToArray();
        var verdict = Sections.Request([.. Get, .. fields], out _, out var fault, endStream);
        Assert.Equal(verdict is HeadVerdict.Malformed or HeadVerdict.Excessive, fault is not null);
        Assert.Equal(verdict is HeadVerdict.Accepted, OutboundRules.JudgeRequest([.. Get, .. fields], endStream, false, out _) is null);
        Sections.Response(fields, out _, out _);
        ResponseRules.JudgeTrailers(new(1), Sections.Of(fields), endStream, true, ConnectionOptions.Default);
    }
}
