using Http2.Pure;
using Xunit;
using static Http2.Shell.Tests.ScriptedBody;

namespace Http2.Shell.Tests;

/// <summary>The trailers behind a body that is pumped: where they come from, and that they are asked for once.</summary>
public sealed class BodyTrailersTests
{
    private readonly PumpKit _kit = new();

    [Fact]
    public void Trailers_end_the_body_in_the_place_of_its_last_frame()
    {
        _kit.Send(new ScriptedBody(Last(5)), trailers: [("sum", "5")]);
        Assert.Equal(["DATA 1 5", "HEADERS 1 end sum 5"], _kit.Drain());
    }

    [Fact]
    public void Those_that_the_source_brings_take_the_place_of_others()
    {
        _kit.Send(new ScriptedBody(Last(5, [("sum", "own")])), trailers: [("sum", "5")]);
        Assert.Equal(["DATA 1 5", "HEADERS 1 end sum own"], _kit.Drain());
    }

    [Fact]
    public void A_list_without_fields_is_as_good_as_none()
    {
        _kit.Send(new ScriptedBody(Last(5, Http2Headers.Empty)), trailers: [("sum", "5")]);
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
    }

    [Fact]
    public void A_function_is_asked_for_them_behind_the_last_octet_and_once()
    {
        var submitted = new List<long>();
        var pump = _kit.Send(new ScriptedBody(Data(3), Last(2)), after: () =>
        {
            submitted.Add(_kit.Queued);
            return [("sum", "5")];
        });
        Assert.Equal([5L], submitted);
        Assert.True(pump.HasEnded);
        Assert.Equal(["DATA 1 5", "HEADERS 1 end sum 5"], _kit.Drain());
        Assert.Empty(_kit.Failures);
    }

    [Fact]
    public void A_function_that_has_none_ends_the_body_without()
    {
        _kit.Send(new ScriptedBody(Last(5)), after: static () => null);
        Assert.Equal(["DATA 1 5 end"], _kit.Drain());
    }

    [Fact]
    public void A_body_whose_last_octets_are_out_ends_with_the_trailers_alone()
    {
        var body = new ScriptedBody(Data(5), Deferred, End);
        _kit.Send(body, after: static () => [("sum", "5")]);
        Assert.Equal(["DATA 1 5"], _kit.Drain());
        body.Wake();
        _kit.RunTasks();
        _kit.Deliver();
        Assert.Equal(["HEADERS 1 end sum 5"], _kit.Written());
    }

    [Fact]
    public void A_function_is_not_asked_when_the_source_has_brought_them()
    {
        _kit.Send(new ScriptedBody(Last(5, [("sum", "own")])), after: static () => throw new InvalidTimeZoneException("asked"));
        Assert.Equal(["DATA 1 5", "HEADERS 1 end sum own"], _kit.Drain());
        Assert.Empty(_kit.Failures);
    }

    [Fact]
    public void A_function_that_throws_fails_the_body()
    {
        var pump = _kit.Send(new ScriptedBody(Last(5)), after: static () => throw new InvalidTimeZoneException("torn"));
        Assert.Equal(["failed torn"], _kit.Failures);
        Assert.False(pump.HasEnded);
        Assert.Equal(["DATA 1 5"], _kit.Drain());
    }

    [Fact]
    public void Trailers_that_may_not_be_sent_fail_the_body()
    {
        _kit.Send(new ScriptedBody(Last(5)), trailers: [("te", "gzip")]);
        Assert.Contains("may not be sent", Assert.Single(_kit.Failures), StringComparison.Ordinal);
        Assert.Equal(["DATA 1 5"], _kit.Drain());
    }
}
