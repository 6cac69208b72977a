using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The examples of RFC 7541 Appendix C, with the dynamic table after each block.</summary>
public sealed class AppendixCTests
{
    private const string Get = ":method: GET", Http = ":scheme: http", Https = ":scheme: https", Root = ":path: /";
    private const string Authority = ":authority: www.example.com", NoCache = "cache-control: no-cache";
    private const string Custom = "custom-key: custom-value", Private = "cache-control: private";
    private const string Date21 = "date: Mon, 21 Oct 2013 20:13:21 GMT", Date22 = "date: Mon, 21 Oct 2013 20:13:22 GMT";
    private const string Location = "location: https://www.example.com", Gzip = "content-encoding: gzip";
    private const string Cookie = "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

    private static readonly Step[] C2 =
    [
        new("400a637573746f6d2d6b65790d637573746f6d2d686561646572", ["custom-key: custom-header"], ["custom-key: custom-header"], 55),
        new("040c2f73616d706c652f70617468", [":path: /sample/path"], [], 0),
        new("100870617373776f726406736563726574", ["password: secret"], [], 0),
        new("82", [Get], [], 0),
    ];

    private static readonly Step[] Requests =
    [
        new("", [Get, Http, Root, Authority], [Authority], 57),
        new("", [Get, Http, Root, Authority, NoCache], [NoCache, Authority], 110),
        new("", [Get, Https, ":path: /index.html", Authority, Custom], [Custom, NoCache, Authority], 164),
    ];

    private static readonly Step[] Responses =
    [
        new("", [":status: 302", Private, Date21, Location], [Location, Date21, Private, ":status: 302"], 222),
        new("", [":status: 307", Private, Date21, Location], [":status: 307", Location, Date21, Private], 222),
        new("", [":status: 200", Private, Date22, Location, Gzip, Cookie], [Cookie, Gzip, Date22], 215),
    ];

    private static readonly string[] C3 =
    [
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
    ];

    private static readonly string[] C4 =
    [
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
    ];

    private static readonly string[] C5 =
    [
        "4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54"
        + "6e1768747470733a2f2f7777772e6578616d706c652e636f6d",
        "4803333037c1c0bf",
        "88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50"
        + "495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31",
    ];

    private static readonly string[] C6 =
    [
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3",
        "4883640effc1c0bf",
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f"
        + "9587316065c003ed4ee5b1063d5007",
    ];

    [Theory]
    [InlineData(10, 5, "0a")]
    [InlineData(1337, 5, "1f9a0a")]
    [InlineData(42, 8, "2a")]
    public void C1_integers(int value, int prefixBits, string hex)
    {
        var mask = (1 << prefixBits) - 1;
        var octets = new byte[PrefixInteger.MaxLength];
        Assert.Equal(hex, Convert.ToHexStringLower(octets.AsSpan(0, PrefixInteger.Write(octets, 0, mask, value))));
        var at = 0;
        Assert.Equal(HpackErrorKind.None, PrefixInteger.Read(Convert.FromHexString(hex), ref at, mask, out var read));
        Assert.Equal((value, hex.Length / 2), (read, at));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void C2_representations(int step) => Check(DecoderState.Create(), [C2[step]]);

    [Fact]
    public void C2_3_is_never_indexed() =>
        Assert.True(Codec.Decode(DecoderState.Create(), Octets.FromHex(C2[2].Block)).Fields[0].NeverIndexed);

    [Fact]
    public void C3_requests_without_Huffman_code() => Check(DecoderState.Create(), With(Requests, C3));

    [Fact]
    public void C4_requests_with_Huffman_code() => Check(DecoderState.Create(), With(Requests, C4));

    [Fact]
    public void C5_responses_without_Huffman_code() => Check(DecoderState.Create(256), With(Responses, C5));

    [Fact]
    public void C6_responses_with_Huffman_code() => Check(DecoderState.Create(256), With(Responses, C6));

    [Fact]
    public void Our_encoder_writes_C4_when_it_indexes_everything()
    {
        var state = EncoderState.Create(policy: IndexingPolicy.All);
        foreach (var step in With(Requests, C4))
            state = CheckEncoded(state, step, owed: "");
    }

    [Fact]
    public void Our_encoder_writes_C6_after_the_update_to_its_smaller_table()
    {
        var state = EncoderState.Create(256, IndexingPolicy.All);
        var owed = "3fe101";
        // "307" takes three octets either way, and then ours stays plain: C.5.2 instead of C.6.2.
        foreach (var step in With(Responses, [C6[0], C5[1], C6[2]]))
        {
            state = CheckEncoded(state, step, owed);
            owed = "";
        }
    }

    private static EncoderState CheckEncoded(EncoderState state, Step step, string owed)
    {
        var encoded = HpackEncoder.Encode(state, [.. step.Fields.Select(Field)]);
        Assert.Equal(owed + step.Block, encoded.Block.ToHex());
        Assert.Equal(step.Table, encoded.State.Table.Select(field => field.ToString()));
        Assert.Equal(step.Size, encoded.State.Table.Size);
        return encoded.State;
    }

    private static void Check(DecoderState state, Step[] steps)
    {
        foreach (var step in steps)
        {
            var decoded = Codec.Decode(state, Octets.FromHex(step.Block));
            Assert.Equal(step.Fields, decoded.Fields.Select(field => field.ToString()));
            Assert.Equal(step.Table, decoded.State.Table.Select(field => field.ToString()));
            Assert.Equal(step.Size, decoded.State.Table.Size);
            state = decoded.State;
        }
    }

    private static Step[] With(Step[] steps, string[] blocks) => [.. steps.Zip(blocks, (step, block) => step with { Block = block })];

    private static HeaderField Field(string text)
    {
        var colon = text.IndexOf(':', 1);
        return new(text[..colon], text[(colon + 2)..]);
    }

    private sealed record Step(string Block, string[] Fields, string[] Table, int Size);
}
