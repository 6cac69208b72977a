using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The buffer that blocks are written to.</summary>
public sealed class OutputBufferTests
{
    [Fact]
    public void A_buffer_grows_and_is_cut()
    {
        var buffer = new OutputBuffer(1);
        buffer.Write([1, 2, 3]);
        buffer.GetSpan(5)[0] = 4;
        buffer.Advance(1);
        buffer.GetMemory().Span[0] = 5;
        buffer.Advance(1);
        Assert.Equal([1, 2, 3, 4, 5], buffer.WrittenMemory.ToArray());
        Assert.Equal([4, 5], buffer.Written(3).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1 << 20));
        buffer.Truncate(5);
        buffer.Truncate(2);
        Assert.Equal([1, 2], buffer.WrittenMemory.ToArray());
        Assert.True(buffer.GetSpan().Length >= 1 && buffer.GetMemory(1000).Length >= 1000);
    }
}
