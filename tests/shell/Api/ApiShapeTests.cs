using Hpack.Pure;
using Http2.Shell;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ApiShapeTests
{
    [Fact]
    public void Headers_are_written_as_a_list_of_pairs()
    {
        Http2Headers headers = [("Content-Type", "text/plain"), ("x-a", "1"), ("x-a", "2")];
        Assert.Equal("text/plain", headers["content-type"]);
        Assert.Equal(["1", "2"], headers.GetValues("X-A"));
        Assert.Equal("content-type", headers[0].Name.ToString());
        Assert.Null(headers["absent"]);
        Assert.Equal(3, headers.Count);
    }

    [Fact]
    public void Cookie_crumbs_are_joined_when_read_by_name()
    {
        Http2Headers headers = [("cookie", "a=1"), ("x", "y"), ("cookie", "b=2")];
        Assert.Equal("a=1; b=2", headers["cookie"]);
        Assert.Equal(["a=1", "b=2"], headers.GetValues("cookie"));
    }

    [Fact]
    public void A_list_with_a_value_has_it_in_the_place_of_the_first_and_nowhere_else()
    {
        Http2Headers headers = [("a", "1"), ("x", "2"), ("b", "3"), ("x", "4")];
        Assert.Equal<HeaderField>([("a", "1"), ("x", "new"), ("b", "3")], headers.With("X", "new"));
        Assert.Equal<HeaderField>([("a", "1"), ("x", "2"), ("b", "3"), ("x", "4"), ("c", "5")], headers.With("C", "5"));
        Assert.Equal<HeaderField>([("c", "")], Http2Headers.Empty.With("c", ""));
        Assert.Equal(4, headers.Count);
    }

    [Fact]
    public void A_field_that_no_table_may_hold_stays_one_with_another_value()
    {
        Http2Headers headers = [new HeaderField("authorization", "old", neverIndexed: true), ("x", "1")];
        var changed = headers.With("authorization", "new");
        Assert.True(changed[0].NeverIndexed);
        Assert.Equal("new", changed["authorization"]);
        Assert.False(changed.With("x", "2")[1].NeverIndexed);
    }

    [Fact]
    public void A_list_without_a_name_has_none_of_its_fields()
    {
        Http2Headers headers = [("x", "1"), ("a", "2"), ("x", "3")];
        Assert.Equal<HeaderField>([("a", "2")], headers.Without("X"));
        Assert.Same(headers, headers.Without("absent"));
        Assert.Same(Http2Headers.Empty, headers.Without("x").Without("a"));
    }

    [Fact]
    public void Lists_are_joined_in_order_and_keep_what_both_name()
    {
        Http2Headers headers = [("x", "1")];
        Assert.Equal<HeaderField>([("x", "1"), ("a", "2"), ("x", "3")], headers.Concat([("a", "2"), ("x", "3")]));
        Assert.Same(headers, headers.Concat(Http2Headers.Empty));
        Assert.Same(headers, Http2Headers.Empty.Concat(headers));
        Assert.Throws<ArgumentNullException>(() => headers.Concat(null!));
    }

    [Fact]
    public void Received_fields_are_changed_like_any_others_and_stay_what_they_were()
    {
        var decoded = HpackDecoder.Decode(
            DecoderState.Create(), HpackEncoder.Encode(EncoderState.Create(), [(":status", "200"), ("x", "1"), ("a", "2")]).Block.Span,
            long.MaxValue, new FieldArena(), out var fields, out _);
        Assert.True(decoded.IsNone);
        var received = new Http2Headers(fields, 1);
        Assert.Equal<HeaderField>([("x", "3"), ("a", "2")], received.With("x", "3"));
        Assert.Equal<HeaderField>([("a", "2")], received.Without("x"));
        Assert.Equal<HeaderField>([("x", "1"), ("a", "2"), ("b", "4")], received.Concat([("b", "4")]));
        Assert.Equal<HeaderField>([("x", "1"), ("a", "2")], received);
        Assert.Equal("x: 1\na: 2", received.ToString());
    }

    [Theory]
    [InlineData("connection", "close")]
    [InlineData("x", "a\nb")]
    public void A_value_that_may_not_be_sent_cannot_be_put_in(string name, string value) =>
        Assert.Throws<ArgumentException>(() => Http2Headers.Empty.With(name, value));

    [Theory]
    [InlineData(":status", "200")]
    [InlineData("", "x")]
    [InlineData("a b", "x")]
    [InlineData("connection", "close")]
    [InlineData("x", "a\r\nb")]
    [InlineData("x", " leading")]
    [InlineData("x", "trailing\t")]
    public void A_field_that_may_not_be_sent_shows_where_it_is_written(string name, string value) =>
        Assert.Throws<ArgumentException>(() => Http2Headers.Of([(name, value)]));
}
