using System.Text;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The static table of RFC 7541 Appendix A, entry by entry, and how fields are found in it.</summary>
public sealed class StaticTableTests
{
    // one line an entry, as the appendix has them
    private const string AppendixA = """
        :authority
        :method GET
        :method POST
        :path /
        :path /index.html
        :scheme http
        :scheme https
        :status 200
        :status 204
        :status 206
        :status 304
        :status 400
        :status 404
        :status 500
        accept-charset
        accept-encoding gzip, deflate
        accept-language
        accept-ranges
        accept
        access-control-allow-origin
        age
        allow
        authorization
        cache-control
        content-disposition
        content-encoding
        content-language
        content-length
        content-location
        content-range
        content-type
        cookie
        date
        etag
        expect
        expires
        from
        host
        if-match
        if-modified-since
        if-none-match
        if-range
        if-unmodified-since
        last-modified
        link
        location
        max-forwards
        proxy-authenticate
        proxy-authorization
        range
        referer
        refresh
        retry-after
        server
        set-cookie
        strict-transport-security
        transfer-encoding
        user-agent
        vary
        via
        www-authenticate
        """;

    private static (string Name, string Value)[] Entries => [
        .. AppendixA.Split('\n').Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts.Length > 1 ? parts[1] : "")),
    ];

    [Fact]
    public void An_index_stands_for_the_entry_of_the_appendix()
    {
        Assert.Equal(61, Entries.Length);
        for (var index = 1; index <= 61; index++)
        {
            var (name, value) = Entries[index - 1];
            var field = Assert.Single(Codec.Decode(DecoderState.Create(), Octets.Copy([(byte)(0x80 | index)])).Fields);
            Assert.Equal((name, value, false), (field.Name.ToString(), field.Value.ToString(), field.NeverIndexed));
            Assert.Same(StaticTable.Fields[index], field);
            Assert.Equal(name, Encoding.ASCII.GetString(StaticTable.Name(index)));
            Assert.Equal(value, Encoding.ASCII.GetString(StaticTable.Value(index)));
            Assert.Equal(name, StaticTable.NameOctets(index).ToString());
            Assert.Equal(index, StaticTable.IndexOf(StaticTable.Refs[index]));
            Assert.Equal(name.Length + value.Length + 32, StaticTable.Refs[index].Size);
        }
    }

    [Fact]
    public void A_name_is_found_at_its_first_index_and_a_value_at_its_own()
    {
        for (var index = 1; index <= 61; index++)
        {
            var (name, value) = Entries[index - 1];
            var first = 1 + Array.FindIndex(Entries, entry => entry.Name == name);
            Assert.Equal(first, Find(name));
            Assert.Equal(index, StaticTable.FindValue((byte)first, Fingerprint.Of(Encoding.ASCII.GetBytes(value))));
            Assert.Equal((byte)first, StaticTable.Refs[index].Token);
            HeaderField field = new(name, value), other = new(name, value + "?");
            Assert.Equal(((byte)first, (byte)index), (field.Token, field.StaticIndex));
            Assert.Equal(((byte)first, (byte)0), (other.Token, other.StaticIndex));
        }
        Assert.All(["", ":", "x", "accep", "accept-", "content-lengt", "content-lengti", "www-authenticate2", "zzz"], name => Assert.Equal(0, Find(name)));
        Assert.Equal((28, 32, 8), (StaticTable.ContentLength, StaticTable.Cookie, StaticTable.Status));
    }

    [Fact]
    public void Whatever_is_in_the_table_is_one_octet_on_the_wire()
    {
        for (var index = 1; index <= 61; index++)
        {
            var (name, value) = Entries[index - 1];
            var encoded = HpackEncoder.Encode(EncoderState.Create().WithPolicy(IndexingPolicy.All), [new HeaderField(name, value)]);
            Assert.Equal($"{0x80 | index:x2}", encoded.Block.ToHex());
        }
    }

    [Fact]
    public void A_name_with_any_octet_changed_is_not_found()
    {
        foreach (var (name, _) in Entries)
        {
            for (var at = 0; at < name.Length; at++)
            {
                var changed = Encoding.ASCII.GetBytes(name);
                changed[at] ^= 0x20;
                Assert.Equal(0, StaticTable.FindName(changed));
                // Even when it comes with the fingerprint of the name itself, as one that collides in what a fingerprint sees would.
                if (name.Length > Fingerprint.Whole)
                {
                    var print = Fingerprint.Of(Encoding.ASCII.GetBytes(name));
                    Assert.Equal(0, StaticTable.FindName(changed, print, print.Hash));
                }
            }
        }
    }

    [Fact]
    public void Strings_up_to_24_octets_are_the_same_when_their_fingerprints_are()
    {
        for (var length = 0; length <= Fingerprint.Whole; length++)
        {
            var octets = Enumerable.Range(1, length).Select(i => (byte)i).ToArray();
            Assert.True(Fingerprint.Of(octets).Matches(Fingerprint.Of([.. octets])));
            Assert.False(Fingerprint.Of(octets).Matches(Fingerprint.Of([.. octets, 0])));
            for (var at = 0; at < length; at++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    byte[] changed = [.. octets];
                    changed[at] ^= (byte)(1 << bit);
                    Assert.False(Fingerprint.Of(octets).Matches(Fingerprint.Of(changed)), $"length {length}, octet {at}, bit {bit}");
                }
            }
        }
    }

    /// <summary>
    /// The hash is a function of the octets alone, in every process and build, since encoding depends on it. Whoever changes the function
    /// changes these, which were computed with another implementation of CRC-32C.
    /// </summary>
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("a", 0x15137166u)]
    [InlineData("ab", 0x62ed2c68u)]
    [InlineData("abc", 0x9392865eu)]
    [InlineData("abcd", 0x74d4fdcdu)]
    [InlineData("abcde", 0xeb238e5au)]
    [InlineData("abcdefg", 0xe3730f4cu)]
    [InlineData("abcdefgh", 0x5b29cb2du)]
    [InlineData("abcdefghi", 0x3d792072u)]
    [InlineData(":authority", 0x3aacc70au)]
    [InlineData("content-length", 0x268b3c99u)]
    [InlineData("text/html; charset=utf-8", 0x8077b544u)]
    [InlineData("Mon, 21 Oct 2013 20:13:21 GMT", 0x2d9d0dd5u)]
    public void The_hash_of_octets_is_the_same_everywhere(string text, uint hash) =>
        Assert.Equal(hash, Fingerprint.Of(Encoding.ASCII.GetBytes(text)).Hash);

    [Fact]
    public void The_hashes_of_a_field_are_the_same_everywhere_and_however_it_came_about()
    {
        HeaderField field = new("x-name", "value");
        var decoded = Assert.Single(Codec.Decode(DecoderState.Create(), Octets.FromHex("0006782d6e616d650576616c7565")).Fields);
        Assert.Equal((0xd2e2e91du, 0x06709cadu), (field.NameHash, field.FieldHashCode));
        Assert.Equal((0xd2e2e91du, 0x06709cadu), (decoded.NameHash, decoded.FieldHashCode));
    }

    private static byte Find(string name)
    {
        var octets = Encoding.ASCII.GetBytes(name);
        return StaticTable.FindName(octets);
    }
}
