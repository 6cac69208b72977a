using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Where reports go to: a token leads to the source that it was given for, and to no other.</summary>
public sealed class SourceTableTests
{
    private readonly SourceTable _table = new();

    [Fact]
    public void A_token_leads_to_its_source()
    {
        var sources = Enumerable.Range(0, 1000).Select(static _ => new Source()).ToList();
        var tokens = sources.Select(_table.Add).ToList();
        Assert.Equal(tokens.Count, tokens.Distinct().Count());
        Assert.All(sources.Zip(tokens, static (source, token) => (source, token)), pair => Assert.Same(pair.source, _table.Find(pair.token)));
    }

    [Fact]
    public void A_late_report_does_not_reach_whoever_has_the_place_now()
    {
        var first = _table.Add(new Source());
        _table.Remove(first);
        Assert.Null(_table.Find(first));
        var next = new Source();
        var second = _table.Add(next);
        Assert.Null(_table.Find(first));
        Assert.Same(next, _table.Find(second));
    }

    [Fact]
    public void A_place_is_used_again()
    {
        var first = _table.Add(new Source());
        for (var i = 0; i < 10_000; i++)
        {
            _table.Remove(first);
            first = _table.Add(new Source());
            Assert.Equal(0u, (uint)first);
        }
    }

    [Fact]
    public void Who_is_removed_twice_gives_one_place_back()
    {
        var first = _table.Add(new Source());
        _table.Remove(first);
        _table.Remove(first);
        Assert.NotEqual((uint)_table.Add(new Source()), (uint)_table.Add(new Source()));
    }

    [Fact]
    public void Who_is_removed_late_does_not_remove_whoever_has_the_place_now()
    {
        var first = _table.Add(new Source());
        _table.Remove(first);
        var next = new Source();
        var second = _table.Add(next);
        _table.Remove(first);
        Assert.Same(next, _table.Find(second));
        Assert.NotEqual((uint)second, (uint)_table.Add(new Source()));
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul << 32)]
    [InlineData(ulong.MaxValue)]
    public void A_token_that_was_never_given_leads_nowhere(ulong token) => Assert.Null(_table.Find(token));

    private sealed class Source : IReadiness
    {
        private WorkHistory _history;

        public WorkWeight Weight => _history.Weight;

        public void Note(WorkWeight seen) => _history.Note(seen);

        public void OnReady(uint events)
        {
        }
    }
}
