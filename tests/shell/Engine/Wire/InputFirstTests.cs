using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What has come is read before anybody is judged for its absence.</summary>
public sealed class InputFirstTests
{
    [Fact]
    public void Octets_that_are_there_are_read_first_and_later_ones_put_nothing_off()
    {
        var first = new InputFirst();
        Assert.True(first.MayJudge(new TransportReport(0, Received: 100)));
        Assert.False(first.MayJudge(new TransportReport(0, Received: 100, Readable: 50)));
        Assert.False(first.MayJudge(new TransportReport(0, Received: 140, Readable: 500)));
        Assert.True(first.MayJudge(new TransportReport(0, Received: 150, Readable: 500)));
    }

    [Fact]
    public void Each_deadline_looks_anew()
    {
        var first = new InputFirst();
        Assert.False(first.MayJudge(new TransportReport(0, Received: 0, Readable: 1)));
        Assert.True(first.MayJudge(new TransportReport(0, Received: 1)));
        Assert.False(first.MayJudge(new TransportReport(0, Received: 1, Readable: 1)));
    }
}
