using System.Text;
using Http2.Shell.Hpack;
using Hpack.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The binding's HPACK API.</summary>
public sealed class HdCodecTests
{
    /// <summary>Both dialects.</summary>
    public static TheoryData<HpackDialect> Dialects => [HpackDialect.Rfc7541, HpackDialect.Draft08];

    /// <summary>The binding's own example, and what it prints.</summary>
    [Fact]
    public void The_bindings_example_gives_a_block_that_inflates()
    {
        var deflater = new HdDeflater();
        var data = deflater.Deflate([("foo", "bar"), ("baz", "buz")]);
        Assert.Equal("408294e703626172" + "400362617a0362757a", Convert.ToHexStringLower(data));
        var fields = new HdInflater().Inflate(data);
        Assert.Equal(["foo: bar", "baz: buz"], fields.Select(field => field.ToString()));
    }

    /// <summary>The constants have the values of the binding, and are the defaults.</summary>
    [Fact]
    public void Both_table_sizes_are_4096_octets()
    {
        Assert.Equal(4096, HdDefaults.DefaultHeaderTableSize);
        Assert.Equal(4096, HdDefaults.DeflateMaxHeaderTableSize);
        Assert.Equal(4096, new HdDeflater().GetHdTable().MaxSize);
        Assert.Equal(4096, new HdInflater().GetHdTable().MaxSize);
    }

    /// <summary>Headers may be octets, strings, pairs of a dictionary or fields; the blocks are the same.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void Headers_may_be_given_as_octets_or_text(HpackDialect dialect)
    {
        byte[] Encode(Func<HdDeflater, byte[]> deflate) => deflate(new HdDeflater(dialect: dialect));
        var text = Encode(d => d.Deflate([("na-me", "välue")]));
        Assert.Equal(text, Encode(d => d.Deflate([(Encoding.UTF8.GetBytes("na-me"), Encoding.UTF8.GetBytes("välue"))])));
        Assert.Equal(text, Encode(d => d.Deflate(new Dictionary<string, string> { ["na-me"] = "välue" })));
        Assert.Equal(text, Encode(d => d.Deflate(new HeaderField[] { new("na-me", "välue") })));
        Assert.Equal(text, Encode(d => d.Deflate(new List<(string, string)> { ("na-me", "välue") })));
    }

    /// <summary>Octets that are no text come through.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void Any_octets_come_through(HpackDialect dialect)
    {
        byte[] octets = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var block = new HdDeflater(dialect: dialect).Deflate([(octets, octets)]);
        var field = Assert.Single(new HdInflater(dialect).Inflate(block));
        Assert.Equal(octets, field.Name.Span.ToArray());
        Assert.Equal(octets, field.Value.Span.ToArray());
    }

    /// <summary>What was handed in may be written to afterwards: it was copied.</summary>
    [Fact]
    public void Octets_are_copied()
    {
        byte[] name = [.. "name"u8], value = [.. "value"u8];
        var deflater = new HdDeflater();
        deflater.Deflate([(name, value)]);
        Array.Clear(name);
        Array.Clear(value);
        Assert.Equal("name", deflater.GetHdTable()[0].Name.ToString());
        byte[] block = [0x40, 1, (byte)'a', 1, (byte)'b'];
        var inflater = new HdInflater();
        var fields = inflater.Inflate(block);
        Array.Clear(block);
        Assert.Equal("a: b", fields[0].ToString());
        Assert.Equal("a", inflater.GetHdTable()[0].Name.ToString());
    }

    /// <summary>The constructor's size caps whatever the peer allows.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_constructors_size_is_the_cap(HpackDialect dialect)
    {
        var deflater = new HdDeflater(1000, dialect);
        Assert.Equal(1000, deflater.GetHdTable().MaxSize);
        deflater.ChangeTableSize(8000);
        Assert.Equal(1000, deflater.GetHdTable().MaxSize);
        deflater.ChangeTableSize(500);
        Assert.Equal(500, deflater.GetHdTable().MaxSize);
        var large = new HdDeflater(100_000, dialect);
        Assert.Equal(4096, large.GetHdTable().MaxSize);
        large.ChangeTableSize(65_536);
        Assert.Equal(65_536, large.GetHdTable().MaxSize);
    }

    /// <summary>A size change evicts at once, and the next block tells the peer.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_size_change_reaches_the_peer_with_the_next_block(HpackDialect dialect)
    {
        var (deflater, inflater) = (new HdDeflater(dialect: dialect), new HdInflater(dialect));
        inflater.Inflate(deflater.Deflate([("a", "1"), ("b", "2"), ("c", "3")]));
        deflater.ChangeTableSize(70);
        inflater.ChangeTableSize(70);
        Assert.Equal(2, deflater.GetHdTable().Count);
        Assert.Equal(2, inflater.GetHdTable().Count);
        var block = deflater.Deflate([("d", "4")]);
        Assert.Contains(inflater.Inflate(block), field => field.ToString() == "d: 4");
        Assert.Equal(deflater.GetHdTable().ToString(), inflater.GetHdTable().ToString());
        Assert.Equal(70, inflater.GetHdTable().MaxSize);
        // The peer must say so: a block without the size is refused.
        inflater.ChangeTableSize(10);
        Assert.Equal(HpackErrorKind.SizeUpdateMissing, Assert.Throws<HdException>(() => inflater.Inflate([0x82])).Error.Kind);
    }

    /// <summary>A refused block changes nothing: the table is as it was, and the right block still inflates.</summary>
    [Theory]
    [MemberData(nameof(Dialects))]
    public void A_refused_block_leaves_the_inflater_as_it_was(HpackDialect dialect)
    {
        var (deflater, inflater) = (new HdDeflater(dialect: dialect), new HdInflater(dialect));
        inflater.Inflate(deflater.Deflate([("a", "1")]));
        var before = inflater.GetHdTable().ToString();
        // Inserts an entry, and then has index 0.
        var error = Assert.Throws<HdException>(() => inflater.Inflate([0x40, 1, (byte)'x', 1, (byte)'y', 0x80]));
        Assert.Equal(new HpackError(HpackErrorKind.IndexZero, 5), error.Error);
        Assert.Contains("octet 5", error.Message);
        Assert.Equal(before, inflater.GetHdTable().ToString());
        Assert.Contains("b: 2", inflater.Inflate(deflater.Deflate([("b", "2")])).Select(field => field.ToString()));
    }

    /// <summary>In RFC 7541 there is no reference set: asking to do without it changes nothing.</summary>
    [Fact]
    public void Without_a_reference_set_SetNoRefset_changes_nothing()
    {
        var (one, other) = (new HdDeflater(), new HdDeflater());
        other.SetNoRefset(true);
        for (var i = 0; i < 3; i++)
            Assert.Equal(one.Deflate([("a", "1"), (":method", "GET")]), other.Deflate([("a", "1"), (":method", "GET")]));
        Assert.All(other.GetHdTable(), entry => Assert.False(entry.InReferenceSet));
    }

    /// <summary>In draft 08 a repeated list is an empty block, unless the deflater does without the reference set.</summary>
    [Fact]
    public void In_draft_08_SetNoRefset_empties_the_reference_set_first()
    {
        var (deflater, inflater) = (new HdDeflater(dialect: HpackDialect.Draft08), new HdInflater(HpackDialect.Draft08));
        inflater.Inflate(deflater.Deflate([("a", "1")]));
        var repeated = deflater.Deflate([("a", "1")]);
        Assert.Empty(repeated);
        Assert.Single(inflater.Inflate(repeated));
        deflater.SetNoRefset(true);
        Assert.Equal([0x30, 0x81], deflater.Deflate([("a", "1")]));
        Assert.True(deflater.GetHdTable()[0].InReferenceSet);
        deflater.SetNoRefset(false);
        Assert.Empty(deflater.Deflate([("a", "1")]));
    }

    /// <summary>Sizes and dialects that do not exist are refused as arguments.</summary>
    [Fact]
    public void Impossible_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HdDeflater(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HdDeflater().ChangeTableSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HdInflater().ChangeTableSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HdInflater((HpackDialect)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HdDeflater(dialect: (HpackDialect)7));
        Assert.Throws<ArgumentNullException>(() => new HdDeflater().Deflate((IEnumerable<HeaderField>)null!));
        Assert.Throws<ArgumentNullException>(() => new HdDeflater().Deflate([new HeaderField("a", "b"), null!]));
    }
}
