using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How much the readers of a connection look at without taking it.</summary>
public sealed class LookAheadTests
{
    private readonly LookAhead _ahead = new(Rooms.Default with { MaxExaminedPerRequest = 100, MaxExaminedPerConnection = 150 });

    [Fact]
    public void What_a_reader_looks_at_counts_until_it_takes_it()
    {
        Assert.Null(_ahead.Move(0, 60));
        Assert.Null(_ahead.Move(60, 100));
        Assert.Equal(100, _ahead.Octets);
        Assert.Null(_ahead.Move(100, 0));
        Assert.Equal(0, _ahead.Octets);
    }

    [Fact]
    public void A_reader_that_looks_at_too_much_is_refused_and_counts_as_before()
    {
        Assert.Null(_ahead.Move(0, 60));
        Assert.Contains("MaxExaminedPerRequest", _ahead.Move(60, 101));
        Assert.Equal(60, _ahead.Octets);
    }

    [Fact]
    public void Readers_that_look_at_too_much_together_are_refused_and_count_as_before()
    {
        Assert.Null(_ahead.Move(0, 100));
        for (var i = 0; i < 3; i++)
            Assert.Contains("MaxExaminedPerConnection", _ahead.Move(0, 51));
        Assert.Equal(100, _ahead.Octets);
        Assert.Null(_ahead.Move(0, 50));
        Assert.Null(_ahead.Move(100, 0));
        Assert.Equal(50, _ahead.Octets);
    }
}
