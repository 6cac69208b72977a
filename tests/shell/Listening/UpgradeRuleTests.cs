using System.Text;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What the head of a request of HTTP/1.1 comes to (RFC 7540 §3.2).</summary>
public sealed class UpgradeRuleTests
{
    private const string Asks = "Host: example.org\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";

    [Fact]
    public void A_request_for_an_upgrade_is_the_same_request_in_HTTP2()
    {
        var request = Judge($"POST /a?b=c HTTP/1.1\r\n{Asks}X-One:  1 \r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n").Request!;
        Assert.Equal(
            [":method: POST", ":scheme: http", ":authority: example.org", ":path: /a?b=c", "x-one: 1", "content-length: 5"],
            request.Fields.Select(field => field.ToString()));
        Assert.All(request.Fields, field => Assert.True(field.NeverIndexed));
        Assert.Equal((5, true), (request.ContentLength, request.ExpectsContinue));
        Assert.Equal("00030000006400040000ffff", Convert.ToHexStringLower([.. request.Settings]));
    }

    [Fact]
    public void Fields_that_belong_to_the_connection_stay_behind()
    {
        var request = Judge($"GET / HTTP/1.1\r\n{Asks}Keep-Alive: 5\r\nTE: gzip\r\nConnection: x-mine\r\nX-Mine: 1\r\nX-Other: 2\r\n\r\n").Request!;
        Assert.Equal("x-other: 2", Assert.Single(request.Fields.Skip(4)).ToString());
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1", ":path: *", ":authority: example.org")]
    [InlineData("GET http://other.example/x HTTP/1.1", ":path: /x", ":authority: other.example")]
    [InlineData("GET HTTP://other.example HTTP/1.1", ":path: /", ":authority: other.example")]
    public void The_target_may_have_any_form_that_a_server_knows(string line, string path, string authority)
    {
        var fields = Judge($"{line}\r\n{Asks}\r\n").Request!.Fields.Select(field => field.ToString()).ToList();
        Assert.Equal((authority, path), (fields[2], fields[3]));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.0\r\n" + Asks + "\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\n" + Asks + "HTTP2-Settings: AAMAAABk\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: websocket\r\nHTTP2-Settings: AAMAAABk\r\n\r\n")]
    public void What_asks_for_no_upgrade_to_HTTP2_is_told_what_to_speak(string head) => Assert.Equal(default, Judge(head));

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nno field\r\n" + Asks + "\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n" + Asks + "X Y: 1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n" + Asks + " folded\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n" + Asks + "Host: b\r\n\r\n", "400")]
    [InlineData("GET x HTTP/1.1\r\n" + Asks + "\r\n", "400")]
    [InlineData("GET * HTTP/1.1\r\n" + Asks + "\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: !\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAA\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Content-Length: +1\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Transfer-Encoding: chunked\r\n\r\n", "411")]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Content-Length: 101\r\n\r\n", "413")]
    [InlineData("POST / HTTP/1.1\r\n" + Asks + "Content-Length: 999999999999\r\n\r\n", "413")]
    public void A_request_for_an_upgrade_that_is_not_sound_is_refused(string head, string status) =>
        Assert.StartsWith(status, Judge(head).Answer!.Status, StringComparison.Ordinal);

    [Fact]
    public void Content_may_have_as_many_octets_as_are_allowed() =>
        Assert.Equal(100, Judge($"POST / HTTP/1.1\r\n{Asks}Content-Length: 100\r\n\r\n").Request!.ContentLength);

    private static UpgradeVerdict Judge(string head) => UpgradeRules.Judge(Encoding.ASCII.GetBytes(head), mostContent: 100);
}
