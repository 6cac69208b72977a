using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Draft08;

/// <summary>The worked examples of draft 08's last appendix.</summary>
public sealed class Draft08ExampleTests
{
    /// <summary>Three requests of one connection, with and without Huffman coding.</summary>
    [Theory]
    [InlineData(
        "828786440f7777772e6578616d706c652e636f6d", "5c086e6f2d6361636865",
        "30858c8b84400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData("828786448cf1e3c2e5f23a6ba0ab90f4ff", "5c86a8eb10649cbf", "30858c8b84408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void Requests_decode_as_the_draft_says(string first, string second, string third)
    {
        var one = Draft08Codec.Decode(Draft08DecoderState.Create(), first);
        Assert.Equal([":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"], one.Fields.Select(f => f.ToString()));
        Assert.Equal(
            ["[1] (s=57) (r=y) :authority: www.example.com", "[2] (s=38) (r=y) :path: /", "[3] (s=43) (r=y) :scheme: http",
                "[4] (s=42) (r=y) :method: GET"],
            Draft08Codec.Lines(one.State));
        Assert.Equal(180, one.State.Table.Size);

        var two = Draft08Codec.Decode(one.State, second);
        Assert.Equal(
            [":authority: www.example.com", ":method: GET", ":path: /", ":scheme: http", "cache-control: no-cache"],
            two.Fields.Select(f => f.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(233, two.State.Table.Size);

        var three = Draft08Codec.Decode(two.State, third);
        Assert.Equal(
            [":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value"],
            three.Fields.Select(f => f.ToString()));
        Assert.Equal(
            ["[1] (s=54) (r=y) custom-key: custom-value", "[2] (s=48) (r=y) :path: /index.html", "[3] (s=44) (r=y) :scheme: https",
                "[4] (s=53) (r=n) cache-control: no-cache", "[5] (s=57) (r=y) :authority: www.example.com", "[6] (s=38) (r=n) :path: /",
                "[7] (s=43) (r=n) :scheme: http", "[8] (s=42) (r=y) :method: GET"],
            Draft08Codec.Lines(three.State));
        Assert.Equal(379, three.State.Table.Size);
    }

    /// <summary>Three responses with a table of 256 octets, where entries are emitted twice over before they are evicted.</summary>
    [Theory]
    [InlineData(
        "4803333032590770726976617465631d4d6f6e2c203231204f637420323031332032303a31333a323120474d54711768747470733a2f2f7777772e6578616d70"
            + "6c652e636f6d",
        "8484431d4d6f6e2c203231204f637420323031332032303a31333a323220474d545e04677a6970848483837b38666f6f3d4153444a4b48514b425a584f515745"
            + "4f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31")]
    [InlineData(
        "488264025985aec3771a4b6396d07abe941054d444a8200595040b8166e082a62d1bff71919d29ad171863c78f0b97c8e9ae82ae43d3",
        "84844396d07abe941054d444a8200595040b8166e084a62d1bff5e839bd9ab848483837bad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270f"
            + "b5291f9587316065c003ed4ee5b1063d5007")]
    public void Responses_decode_as_the_draft_says(string first, string third)
    {
        var one = Draft08Codec.Decode(Draft08DecoderState.Create(256), first);
        Assert.Equal(
            [":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"],
            one.Fields.Select(f => f.ToString()));
        var two = Draft08Codec.Decode(one.State, "8c");
        Assert.Equal(
            [":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT", "location: https://www.example.com"],
            two.Fields.Select(f => f.ToString()).Order(StringComparer.Ordinal));
        var three = Draft08Codec.Decode(two.State, third);
        Assert.Equal(
            ["cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT", "content-encoding: gzip", "location: https://www.example.com",
                ":status: 200", "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"],
            three.Fields.Select(f => f.ToString()));
        Assert.Equal(
            ["[1] (s=98) (r=y) set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
                "[2] (s=52) (r=y) content-encoding: gzip", "[3] (s=65) (r=y) date: Mon, 21 Oct 2013 20:13:22 GMT"],
            Draft08Codec.Lines(three.State));
        Assert.Equal(215, three.State.Table.Size);
    }

    /// <summary>A field of each kind, alone.</summary>
    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header", 1, false)]
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path", 0, false)]
    [InlineData("100870617373776f726406736563726574", "password: secret", 0, true)]
    [InlineData("82", ":method: GET", 1, false)]
    public void Each_representation_decodes_alone(string hex, string field, int entries, bool neverIndexed)
    {
        var decoded = Draft08Codec.Decode(Draft08DecoderState.Create(), hex);
        Assert.Equal(field, Assert.Single(decoded.Fields).ToString());
        Assert.Equal(neverIndexed, decoded.Fields[0].NeverIndexed);
        Assert.Equal(entries, decoded.State.Table.Count);
    }
}
