using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Events as values.</summary>
public sealed class ConnectionEventTests
{
    [Theory]
    [InlineData(1, true, 3, false)]
    [InlineData(0x7fff_ffff, false, 1, true)]
    [InlineData(5, true, 0x7fff_ffff, true)]
    [InlineData(5, false, 6, false)]
    public void The_parts_of_a_closed_stream_are_exchanged_one_at_a_time(uint id, bool abnormal, uint otherId, bool otherAbnormal)
    {
        var closed = new ConnectionEvent.StreamClosed(new(id), ErrorCode.Cancel, abnormal);
        Assert.Equal((id, abnormal), (closed.Id.Value, closed.Abnormal));
        Assert.Equal(new ConnectionEvent.StreamClosed(new(otherId), ErrorCode.Cancel, abnormal), closed with { Id = new(otherId) });
        Assert.Equal(new ConnectionEvent.StreamClosed(new(id), ErrorCode.Cancel, otherAbnormal), closed with { Abnormal = otherAbnormal });
        Assert.Equal(new ConnectionEvent.StreamClosed(new(id), ErrorCode.NoError, abnormal), closed with { Code = ErrorCode.NoError });
    }
}
