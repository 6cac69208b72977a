using Http2.Shell.Hpack;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Copies of tables, and how they print.</summary>
public sealed class HdTableTests
{
    /// <summary>The lines of the binding's print_hd_table.</summary>
    [Fact]
    public void A_table_prints_as_the_binding_prints_it()
    {
        var deflater = new HdDeflater();
        deflater.Deflate([("foo", "bar"), ("baz", "buzz")]);
        using var text = new StringWriter { NewLine = "\n" };
        deflater.GetHdTable().Print(text);
        Assert.Equal("[1] (s=39) (r=n) baz: buzz\n[2] (s=38) (r=n) foo: bar\n", text.ToString());
    }

    /// <summary>An entry in the reference set prints r=y.</summary>
    [Fact]
    public void A_referenced_entry_prints_as_such()
    {
        var deflater = new HdDeflater(dialect: HpackDialect.Draft08);
        deflater.Deflate([("foo", "bar")]);
        deflater.Deflate([("baz", "buz")]);
        using var text = new StringWriter { NewLine = "\n" };
        deflater.GetHdTable().Print(text);
        Assert.Equal("[1] (s=38) (r=y) baz: buz\n[2] (s=38) (r=n) foo: bar\n", text.ToString());
    }

    /// <summary>Octets that could drive a terminal or forge a line print as numbers.</summary>
    [Fact]
    public void Octets_that_are_not_printable_text_print_as_numbers()
    {
        var inflater = new HdInflater();
        inflater.Inflate([0x40, 1, (byte)'a', 7, 0xff, (byte)'\n', 0x1b, 0xc3, 0xa4, 0xc3, (byte)'z']);
        using var text = new StringWriter { NewLine = "\n" };
        inflater.GetHdTable().Print(text);
        Assert.Equal("[1] (s=40) (r=n) a: \\xff\\x0a\\x1bä\\xc3z\n", text.ToString());
    }

    /// <summary>A table is a copy: blocks that come later are not in it.</summary>
    [Fact]
    public void A_copy_is_not_changed_by_later_blocks()
    {
        var deflater = new HdDeflater();
        deflater.Deflate([("a", "1")]);
        var table = deflater.GetHdTable();
        deflater.Deflate([("b", "2")]);
        Assert.Equal("a", Assert.Single(table).Name.ToString());
        Assert.Equal((34, 4096, 34), (table.Size, table.MaxSize, table[0].Size));
        Assert.Equal(2, deflater.GetHdTable().Count);
        Assert.Equal("b", deflater.GetHdTable()[0].Name.ToString());
        Assert.Throws<IndexOutOfRangeException>(() => table[1]);
    }
}
