using System.Collections.Immutable;
using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>The documented face: a connection is a fold over its inputs.</summary>
public sealed class StepTests
{
    private static readonly ImmutableArray<Input> Conversation = Converse();

    [Fact]
    public void The_same_inputs_give_equal_states_and_outputs()
    {
        var (first, firstSteps) = Fold(Conversation);
        var (second, secondSteps) = Fold(Conversation);
        Assert.Equal(first, second);
        Assert.Equal(first.GetHashCode(), second.GetHashCode());
        Assert.Equal(firstSteps.Select(step => step.Output), secondSteps.Select(step => step.Output));
        Assert.Equal(firstSteps.Select(Kinds), secondSteps.Select(Kinds));
        Assert.Equal(firstSteps.Select(step => step.State), secondSteps.Select(step => step.State));
    }

    [Fact]
    public void A_state_may_be_kept_and_gone_on_from_again()
    {
        var fold = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
        var kept = new List<ConnectionFold>();
        foreach (var input in Conversation)
        {
            kept.Add(fold);
            fold = Connection.Step(fold, input).State;
        }
        var again = kept.Zip(Conversation, (state, input) => Connection.Step(state, input).State);
        Assert.Equal([.. kept.Skip(1), fold], again);
    }

    [Property(MaxTest = 30)]
    public void Input_cut_anywhere_gives_the_same_result(byte[] cuts)
    {
        var (whole, wholeSteps) = Fold(Conversation);
        var cut = Conversation.SelectMany((input, i) => input is Input.Received received
            ? Cut(received, cuts.Length == 0 ? 1 : cuts[i % cuts.Length] % 23 + 1)
            : [input]);
        var (pieces, pieceSteps) = Fold(cut);
        Assert.Equal(Joined(wholeSteps), Joined(pieceSteps));
        Assert.Equal(wholeSteps.SelectMany(Kinds), pieceSteps.SelectMany(Kinds));
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Octets_of_an_incomplete_frame_are_kept_with_the_state()
    {
        var start = Connection.Start(Role.Server, ConnectionOptions.Default, 0);
        var step = Connection.Step(start.State, new Input.Received(Octets.Copy(WireConstants.Preface[..10]), 0));
        Assert.Equal(10, step.State.Incomplete);
        Assert.NotEqual(start.State, step.State);
        step = Connection.Step(step.State, new Input.Received(Octets.Copy(WireConstants.Preface[10..]), 0));
        Assert.Equal(0, step.State.Incomplete);
        Assert.True(step.Output.IsEmpty);
    }

    [Fact]
    public void Nothing_is_kept_of_a_connection_that_is_over()
    {
        var start = Connection.Start(Role.Server, ConnectionOptions.Default, 0);
        var over = Connection.Step(start.State, new Input.Received("GET / HTTP/1.1", 0));
        Assert.True(Connection.IsFinished(over.State.State));
        Assert.Equal(0, over.State.Incomplete);
        var after = Connection.Step(over.State, new Input.Received("more", 1));
        Assert.Equal(over.State, after.State);
        Assert.True(after.Output.IsEmpty);
    }

    [Fact]
    public void A_command_that_is_taken_gives_its_step_and_no_reason()
    {
        var start = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
        var command = new Input.SubmitPing(7);
        Assert.True(Connection.TrySubmit(start, command, out var step, out var why));
        Assert.Equal(Refusal.None, why);
        Assert.Equal((step.State, step.Output), (Connection.Step(start, command).State, Connection.Step(start, command).Output));
        Assert.False(step.Output.IsEmpty);
    }

    [Fact]
    public void A_refused_command_says_why_and_changes_nothing()
    {
        var start = Connection.Start(Role.Server, ConnectionOptions.Default, 0).State;
        var command = new Input.SubmitData(new(1), "x", false);
        Assert.Equal(Refusal.StreamClosed, Connection.Submit(start, command).Match(Right: _ => Refusal.None, Left: refusal => refusal));
        Assert.False(Connection.TrySubmit(start, command, out var none, out var why));
        Assert.Equal((null, Refusal.StreamClosed), (none, why));
        var step = Connection.Step(start, command);
        Assert.Equal(start, step.State);
        Assert.True(step.Output.IsEmpty);
        Assert.Empty(step.Events);
    }

    [Fact]
    public void Streams_that_are_opened_are_told_in_the_step()
    {
        var client = Connection.Start(Role.Client, ConnectionOptions.Default, 0).State;
        var step = Connection.Step(client, new Input.SubmitRequest([.. Rig.Fields(Rig.Request())], true));
        Assert.Equal(new StreamId(1), step.Opened.IfNone(StreamId.Connection));
        Assert.True(Connection.Step(step.State, new Input.SubmitPing(1)).Opened.IsNone);
        Assert.False(Connection.Step(step.State, new Input.SubmitPriority(new(1), "u=1")).Output.IsEmpty);
    }

    [Fact]
    public void Every_input_is_a_case_of_the_fold()
    {
        var seen = Conversation.Select(input => input.GetType()).ToHashSet();
        seen.Add(typeof(Input.SubmitRequest));
        seen.Add(typeof(Input.SubmitPriority));
        Assert.Equal(
            typeof(Input).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Input))).Select(type => type.Name).Order(),
            seen.Select(type => type.Name).Order());
    }

    private static (ConnectionFold State, List<Step> Steps) Fold(IEnumerable<Input> inputs)
    {
        var steps = new List<Step> { Connection.Start(Role.Server, ConnectionOptions.Default, 0) };
        foreach (var input in inputs)
            steps.Add(Connection.Step(steps[^1].State, input));
        return (steps[^1].State, steps);
    }

    private static IEnumerable<Input> Cut(Input.Received received, int size)
    {
        for (var at = 0; at < received.Octets.Length; at += size)
            yield return received with { Octets = received.Octets.Slice(at, Math.Min(size, received.Octets.Length - at)) };
    }

    private static Octets Joined(IEnumerable<Step> steps) => new(steps.SelectMany(step => step.Output.Memory.ToArray()).ToArray());

    // events hold views of the decoder's memory, which are compared by what they show
    private static IEnumerable<string> Kinds(Step step) => step.Events.Select(happened => happened switch
    {
        ConnectionEvent.DataReceived data => $"data {data.Id} {Convert.ToHexString(data.Data.Span)} {data.EndStream}",
        ConnectionEvent.RequestReceived request =>
            $"request {request.Id} {string.Join(';', request.Head.Fields.ToFields())} {request.EndStream}",
        ConnectionEvent.TrailersReceived trailers => $"trailers {trailers.Id} {string.Join(';', trailers.Fields.ToFields())}",
        ConnectionEvent.SettingsReceived settings => $"settings {string.Join(';', settings.Settings)}",
        _ => happened.ToString(),
    });

    // what comes from the client in two runs, and what the application does before, between and after them
    private static ImmutableArray<Input> Inputs(Octets first, Octets second)
    {
        var head = Rig.Head(200, -1, ("server", "test"));
        return
        [
            new Input.Received(first, 1),
            new Input.Consume(new(3), 10),
            new Input.Retire(new(5)),
            new Input.BoundUnread(100_000),
            new Input.SubmitPush(new(1), [.. Rig.Fields(Rig.Request(path: "/pushed"))]),
            new Input.SubmitInformational(new(1), Rig.Head(103)),
            new Input.SubmitResponse(new(1), head, "0123456789", true),
            new Input.SubmitResponse(new(3), head, "", false),
            new Input.SubmitData(new(3), "abcdefghij", false),
            new Input.SubmitTrailers(new(3), [.. Rig.Fields(("x-sum", "1"))]),
            new Input.Drain(1000),
            new Input.SubmitReset(new(2), ErrorCode.Cancel),
            new Input.SubmitPing(77),
            new Input.SetDate(("date", "now")),
            new Input.SubmitSettings([new(SettingId.InitialWindowSize, 70_000)], 2),
            new Input.Tick(3),
            new Input.Shutdown(4),
            new Input.Received(second, 5),
            new Input.Drain(1000),
            new Input.Abort(ErrorCode.NoError),
            new Input.EndOfInput(),
            new Input.Disconnected(),
        ];
    }

    private static ImmutableArray<Input> Converse()
    {
        var output = new OutputBuffer();
        var encoder = EncoderState.Create();
        output.Write(WireConstants.Preface);
        SettingsFrame.Write(output, new Setting(SettingId.InitialWindowSize, 4));
        SettingsFrame.WriteAck(output);
        Request(1, "GET", end: true);
        Request(3, "POST", end: false);
        DataFrame.Write(output, new(3), "hello"u8, false);
        PingFrame.Write(output, 9);
        DataFrame.Write(output, new(3), "world"u8, true);
        Request(5, "GET", end: true);
        RstStreamFrame.Write(output, new(5), ErrorCode.Cancel);
        var first = Octets.Copy(output.WrittenMemory.Span);
        output.Truncate(0);
        WindowUpdateFrame.Write(output, new(3), 100);
        Request(7, "GET", end: true);
        DataFrame.Write(output, new(3), "too late"u8, false);
        var second = Octets.Copy(output.WrittenMemory.Span);
        return Inputs(first, second);

        void Request(uint id, string method, bool end)
        {
            var start = HeadersFrame.Begin(output);
            var block = new BlockWriter(encoder, output);
            foreach (var field in Rig.Fields(Rig.Request(method)))
                block.Write(field);
            encoder = block.Complete();
            HeadersFrame.End(output, start, new(id), end, 16384);
        }
    }
}
