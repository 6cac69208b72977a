using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Exploration;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Exploration;

/// <summary>The rules of the exploration notice steps that a faulty core would make: real ones, altered.</summary>
public sealed class RuleTests
{
    private static readonly byte[] Reset = PeerFrames.Number(FrameType.RstStream, 1, 8);

    [Fact]
    public void A_real_step_breaks_no_rule()
    {
        var step = After("headers 1", "reset 1");
        Assert.Null(EventRules.Judge(step));
        Assert.Null(OutputRules.Judge(step));
    }

    [Fact]
    public void A_stream_that_is_not_told_closed_or_told_twice_is_noticed()
    {
        var step = After("headers 1", "reset 1");
        Assert.NotNull(EventRules.Judge(With(step, events: [])));
        Assert.NotNull(EventRules.Judge(With(step, events: [.. step.Step.Events, .. step.Step.Events])));
        var begun = After("headers 1");
        Assert.NotNull(EventRules.Judge(With(begun, events: [.. begun.Step.Events, .. begun.Step.Events])));
        Assert.NotNull(EventRules.Judge(With(begun, events: [new ConnectionEvent.DataReceived(new(3), default, false)])));
    }

    [Fact]
    public void Something_behind_the_end_is_noticed()
    {
        var step = After("disconnected", "ping");
        Assert.Null(EventRules.Judge(step));
        Assert.NotNull(EventRules.Judge(With(step, output: Reset)));
        Assert.NotNull(EventRules.Judge(With(step, events: [new ConnectionEvent.SettingsAcknowledged()])));
        var fault = After("data on 1 of the peer: 5");
        Assert.NotNull(EventRules.Judge(With(fault, events: [.. fault.Step.Events, new ConnectionEvent.SettingsAcknowledged()])));
    }

    [Fact]
    public void A_stream_that_comes_back_is_noticed()
    {
        var closed = After("headers 1", "reset 1");
        // the state before the reset as the one after it
        var back = new TracedStep(closed.Before with { Fold = closed.Step.State }, closed.Input, closed.Step with { State = closed.Before.Fold, Events = [] });
        Assert.NotNull(EventRules.Judge(back));
    }

    [Theory]
    [InlineData("headers 1, the end|reset of 1 by the peer", "RST_STREAM of a stream that is closed")]
    [InlineData("headers 1|reset 1", "RST_STREAM twice")]
    public void A_reset_too_many_is_noticed(string trace, string why)
    {
        var step = After(trace.Split('|'));
        Assert.True(OutputRules.Judge(With(step, output: [.. step.Step.Output.Span, .. Reset, .. Reset])) is not null, why);
    }

    [Fact]
    public void Frames_that_may_not_be_sent_are_noticed()
    {
        byte[][] wrong =
        [
            [1, 2, 3], PeerFrames.Data(1, 5)[..10], PeerFrames.Data(3, 5), PeerFrames.Headers(3, PeerFrames.Ok, end: true), PeerFrames.Data(1, 11),
            PeerFrames.Data(1, 5, end: true).Concat(PeerFrames.Data(1, 1)).ToArray(), PeerFrames.Of(FrameType.Headers, 0, 1, PeerFrames.Ok),
            PeerFrames.Of(FrameType.Continuation, 4, 1, ""), PeerFrames.Number(FrameType.WindowUpdate, 1, 0), PeerFrames.Number(FrameType.WindowUpdate, 3, 5),
            PeerFrames.GoAway(0).Concat(PeerFrames.GoAway(1)).ToArray(), PeerFrames.Of(FrameType.Priority, 0, 1, "0000000009"),
            PeerFrames.Of(FrameType.Settings, PeerFrames.Ack, 0), PeerFrames.Of(FrameType.Ping, PeerFrames.Ack, 0, new byte[8]),
            PeerFrames.Promise(3, 2, PeerFrames.Get), PeerFrames.Data(1, 20_000), PeerFrames.Number(FrameType.WindowUpdate, 0, 1),
        ];
        var step = After("headers 1");
        Assert.Null(OutputRules.Judge(step));
        Assert.All(wrong, octets => Assert.NotNull(OutputRules.Judge(With(step, output: octets))));
    }

    [Fact]
    public void An_answer_that_is_missing_is_noticed()
    {
        Assert.NotNull(OutputRules.Judge(With(After("ping"), output: [])));
        Assert.NotNull(OutputRules.Judge(With(After("settings of the peer: window 20"), output: [])));
        // what is written in the state and does not go out
        Assert.NotNull(OutputRules.Judge(With(After("headers 1", "data on 1 of the peer: the whole window"), output: [])));
        Assert.NotNull(OutputRules.Judge(With(After("headers 1, the end", "respond on 1: 5"), output: [])));
    }

    private static TracedStep After(params string[] names)
    {
        var alphabet = Alphabet.All.Single(alphabet => alphabet.Name == "server");
        var (at, last) = (alphabet.Begin(), default(TracedStep));
        foreach (var name in names)
        {
            var input = alphabet.Letters.Single(letter => letter.Name == name).In(at)!;
            last = new TracedStep(at, input, Connection.Step(at.Fold, input));
            at = at with { Fold = last.Step.State };
        }
        return last!;
    }

    private static TracedStep With(TracedStep step, byte[]? output = null, ImmutableArray<ConnectionEvent>? events = null) => new(
        step.Before, step.Input, step.Step with { Output = output is null ? step.Step.Output : new Octets(output), Events = events ?? step.Step.Events });
}
