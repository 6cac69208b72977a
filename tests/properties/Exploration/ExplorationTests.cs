using Http2.Exploration;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Exploration;

/// <summary>
/// Every trace of a few inputs keeps every rule, and the model agrees. <c>http2 explore</c> goes deeper; docs/verification.md says how far it went.
/// </summary>
public sealed class ExplorationTests
{
    private const int Depth = 3;

    public static TheoryData<string> Alphabets => [.. Alphabet.All.Select(alphabet => alphabet.Name)];

    [Theory]
    [MemberData(nameof(Alphabets))]
    public void Every_trace_of_a_few_inputs_keeps_every_rule(string name)
    {
        var result = new Explorer(new ExplorationSettings(Of(name), Depth, Environment.ProcessorCount)).Run(_ => { });
        Assert.Empty(result.Findings.Select(finding => finding.Story()));
        Assert.True(result.IsComplete);
        // an alphabet that has lost its meaning would reach less
        Assert.True(result.Progress.States > 2000, $"{result.Progress.States} states");
    }

    [Theory]
    [MemberData(nameof(Alphabets))]
    public void An_alphabet_has_at_least_fifty_inputs_of_different_names(string name)
    {
        var letters = Of(name).Letters;
        Assert.InRange(letters.Count, 50, ushort.MaxValue);
        Assert.Equal(letters.Count, letters.Select(letter => letter.Name).Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_rule_that_is_broken_is_told_by_one_of_the_shortest_traces(int threads)
    {
        // stands in for a fault: nothing may be closed by a reset of the peer
        var settings = new ExplorationSettings(Of("server"), Depth, threads)
        {
            Also = step => step.Frame?.Type == FrameType.RstStream && step.Step.Events.Any(e => e is ConnectionEvent.StreamClosed { Code: ErrorCode.Cancel })
                ? "closed by a reset"
                : null,
        };
        var finding = Assert.Single(new Explorer(settings).Run(_ => { }).Findings);
        Assert.Equal("closed by a reset", finding.Problem);
        Assert.Equal(["headers 1", "reset of 1 by the peer"], finding.Letters);
        Assert.Contains("RST_STREAM", string.Join('\n', finding.Recording.Inputs.OfType<Input.Received>().SelectMany(LinesOf)));
        Assert.Contains("reset of 1 by the peer\n    StreamClosed { Id = 1, Code = Cancel, Abnormal = True }", finding.Story());
        var replayed = Recording.Decode(finding.Recording.Encode()).Match(Right: recording => recording, Left: error => throw new InvalidOperationException(error.Message));
        Assert.Equal(StreamState.ResetByPeer, Connection.StateOf(replayed.Replay().Last().Result.State.State, new(1)));
    }

    [Fact]
    public void An_exception_is_a_finding()
    {
        var settings = new ExplorationSettings(Of("client"), 1, 1) { Also = _ => throw new InvalidOperationException("planted") };
        var finding = new Explorer(settings).Run(_ => { }).Findings[0];
        Assert.StartsWith("InvalidOperationException: planted", finding.Problem);
        Assert.Single(finding.Letters);
    }

    [Fact]
    public void A_search_that_knows_too_many_states_says_that_it_is_not_complete()
    {
        var settings = new ExplorationSettings(Of("server"), Depth, 1) { MaxStates = 100 };
        Assert.False(new Explorer(settings).Run(_ => { }).IsComplete);
    }

    private static Alphabet Of(string name) => Alphabet.All.Single(alphabet => alphabet.Name == name);

    private static IEnumerable<string> LinesOf(Input.Received received) =>
        received.Octets.Span.StartsWith(WireConstants.Preface) ? [] : FrameLines.Of(received.Octets, "recv");
}
