using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Messages;

/// <summary>Requests that are judged once and sent often, beside those that are judged each time.</summary>
public sealed class PreparedRequestTests
{
    private static readonly ImmutableArray<HeaderField> Get =
        [new(":method", "GET"), new(":scheme", "http"), new(":authority", "a"), new(":path", "/")];

    [Fact]
    public void It_is_sent_like_a_request_that_is_judged_each_time()
    {
        Assert.True(PreparedRequest.TryPrepare(Get, out var prepared));
        var (judged, sent) = (new Effects(), new Effects());
        var one = Connection.Open(Role.Client, ConnectionOptions.Default, 0, judged);
        var other = Connection.Open(Role.Client, ConnectionOptions.Default, 0, sent);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(Refusal.None, Connection.SubmitRequestInPlace(ref one, Get.AsSpan(), endStream: true, judged, out var first));
            Assert.Equal(Refusal.None, Connection.SubmitRequestInPlace(ref other, prepared!, endStream: true, sent, out var second));
            Assert.Equal(first, second);
        }
        Assert.Equal(judged.Output.WrittenMemory.ToArray(), sent.Output.WrittenMemory.ToArray());
    }

    [Fact]
    public void A_request_that_may_not_be_sent_is_not_prepared() => Assert.False(PreparedRequest.TryPrepare(Get[..^1], out _));

    [Fact]
    public void What_depends_on_the_connection_is_judged_when_it_is_sent()
    {
        var effects = new Effects();
        var state = Connection.Open(Role.Client, ConnectionOptions.Default, 0, effects);
        Assert.True(PreparedRequest.TryPrepare(Get.Add(new("content-length", "3")), out var sized));
        Assert.Equal(Refusal.InvalidField, Connection.SubmitRequestInPlace(ref state, sized!, endStream: true, effects, out _));
        Assert.Equal(Refusal.None, Connection.SubmitRequestInPlace(ref state, sized!, endStream: false, effects, out _));
        ImmutableArray<HeaderField> connect =
            [new(":method", "CONNECT"), new(":scheme", "http"), new(":authority", "a"), new(":path", "/"), new(":protocol", "websocket")];
        Assert.True(PreparedRequest.TryPrepare(connect, out var tunnel));
        // The server has not said that it takes extended CONNECT.
        Assert.Equal(Refusal.InvalidField, Connection.SubmitRequestInPlace(ref state, tunnel!, endStream: false, effects, out _));
    }
}
