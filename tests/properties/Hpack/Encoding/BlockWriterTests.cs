using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Fields that a block writer has functions of its own for.</summary>
public sealed class BlockWriterTests
{
    [Theory]
    [InlineData(200, "88")]
    [InlineData(204, "89")]
    [InlineData(206, "8a")]
    [InlineData(304, "8b")]
    [InlineData(400, "8c")]
    [InlineData(404, "8d")]
    [InlineData(500, "8e")]
    [InlineData(100, "4882080017")]
    [InlineData(999, "48033939391")]
    public void A_status_is_one_octet_where_the_static_table_has_it(int status, string hex)
    {
        var output = new OutputBuffer();
        var writer = new BlockWriter(EncoderState.Create(), output);
        writer.WriteStatus(status);
        Assert.Equal(0, output.Length);
        writer.Complete();
        var decoded = Codec.Decode(DecoderState.Create(), Octets.Copy(output.WrittenMemory.Span));
        Assert.Equal([(":status", $"{status}")], decoded.Fields.Select(field => (field.Name.ToString(), field.Value.ToString())));
        if (hex.Length == 2)
            Assert.Equal(hex, new Octets(output.WrittenMemory).ToHex());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(1234567890)]
    [InlineData(long.MaxValue)]
    public void A_content_length_is_a_literal_that_enters_no_table(long length)
    {
        var output = new OutputBuffer();
        var writer = new BlockWriter(EncoderState.Create(), output);
        writer.WriteContentLength(length);
        Assert.Same(writer.Complete(), writer.Complete());
        var decoded = Codec.Decode(DecoderState.Create(), Octets.Copy(output.WrittenMemory.Span));
        Assert.Equal([("content-length", $"{length}")], decoded.Fields.Select(field => (field.Name.ToString(), field.Value.ToString())));
        Assert.Empty(decoded.State.Table);
    }
}
