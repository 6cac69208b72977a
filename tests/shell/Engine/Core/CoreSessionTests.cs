using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The one place through which inputs reach the core.</summary>
public sealed class CoreSessionTests
{
    private static readonly OutboundHead Ok = new(200, []);

    private readonly Rooms _rooms = new();
    private readonly InputTap _tap = new();

    [Fact]
    public void Every_input_of_a_server_is_recorded_once()
    {
        var core = _rooms.Core;
        var id = _rooms.OpenWithUpload(Tap());
        Assert.Equal(["Received", "Received", "Received"], _tap.Take());
        core.SetTime(5);
        core.SubmitInformational(id, new OutboundHead(103, []));
        core.SubmitPush(id, [new(":method", "GET"), new(":scheme", "http"), new(":authority", "a"), new(":path", "/p")], out var promised);
        core.SubmitResponse(promised, Ok, new byte[3], endStream: true);
        core.SubmitResponse(id, Ok, default, endStream: false);
        core.SubmitData(id, new byte[10], endStream: false);
        core.Drain(1000);
        core.SubmitTrailers(id, [new("t", "1")]);
        core.Receive(Requests.Data(1, 5));
        core.Consume(id, 5);
        core.SubmitReset(id, ErrorCode.Cancel);
        core.Retire(id);
        core.BoundUnread(1000);
        core.SetDate(new HeaderField("date", "now"));
        core.SubmitPing(7);
        core.SubmitSettings([new(SettingId.MaxConcurrentStreams, 7)]);
        core.Tick();
        core.Shutdown();
        core.EndOfInput();
        core.Abort(ErrorCode.NoError);
        core.Disconnect();
        Assert.Equal(
            [
                "SubmitInformational", "SubmitPush", "SubmitResponse", "SubmitResponse", "SubmitData", "Drain", "SubmitTrailers", "Received",
                "Consume", "SubmitReset", "Retire", "BoundUnread", "SetDate", "SubmitPing", "SubmitSettings", "Tick", "Shutdown", "EndOfInput",
                "Abort", "Disconnected",
            ],
            _tap.Take());
    }

    [Fact]
    public void What_was_recorded_replays_to_the_same_octets()
    {
        var core = _rooms.Core;
        var id = _rooms.OpenWithUpload(Tap());
        core.SubmitInPlace(id, Ok, 3, new Fill(isPossible: true), out _);
        core.SubmitPing(1);
        core.Receive(Requests.Data(1, 5, end: true));
        core.Consume(id, 5);
        var step = Connection.Start(Role.Server, _rooms.Limits.Connection, 0);
        List<byte> replayed = [.. step.Output.Memory.Span];
        foreach (var input in _tap.Inputs)
        {
            step = Connection.Step(step.State, input);
            replayed.AddRange(step.Output.Memory.Span);
        }
        Assert.Equal(core.Output.WrittenMemory.ToArray(), replayed);
    }

    [Fact]
    public void A_response_in_place_that_cannot_be_filled_leaves_no_trace()
    {
        var core = _rooms.Core;
        var id = _rooms.OpenWithUpload(Tap());
        _tap.Take();
        var (octets, events) = (core.Output.Length, core.Events.Count);
        Assert.Equal(Refusal.None, core.SubmitInPlace(id, Ok, 3, new Fill(isPossible: false), out var isFilled));
        Assert.False(isFilled);
        Assert.Equal((octets, events), (core.Output.Length, core.Events.Count));
        Assert.Empty(_tap.Take());
        Assert.Equal(Refusal.None, core.SubmitInPlace(id, Ok, 3, new Fill(isPossible: true), out isFilled));
        Assert.True(isFilled);
        Assert.Equal("abc"u8.ToArray(), ((Input.SubmitResponse)_tap.Inputs[^1]).Body.Memory.ToArray());
    }

    [Fact]
    public void A_response_that_the_core_refuses_asks_nobody_to_fill_it()
    {
        _rooms.Open();
        Assert.Equal(Refusal.StreamClosed, _rooms.Core.SubmitInPlace(new StreamId(1), Ok, 3, new Fill(isPossible: false), out var isFilled));
        Assert.True(isFilled);
    }

    [Fact]
    public void Octets_behind_the_end_of_a_connection_are_no_input()
    {
        _rooms.Open(Tap());
        _rooms.Core.Abort(ErrorCode.InternalError);
        _tap.Take();
        _rooms.Core.Receive(Requests.Get(1));
        Assert.Empty(_tap.Take());
    }

    [Fact]
    public void The_first_octets_of_a_frame_are_no_input_before_it_is_whole()
    {
        _rooms.Open(Tap());
        _tap.Take();
        Assert.Equal(0, _rooms.Core.Receive(Requests.Get(1).AsMemory(0, 10)));
        Assert.Empty(_tap.Take());
        Assert.Equal(15, _rooms.Core.Receive(Requests.Get(1)));
        Assert.Equal(["Received"], _tap.Take());
    }

    [Fact]
    public void A_client_opens_requests_through_it()
    {
        var core = _rooms.Core;
        core.Open(Role.Client, ConnectionOptions.Default, Tap());
        ImmutableArray<HeaderField> fields = [new(":method", "GET"), new(":scheme", "http"), new(":authority", "a"), new(":path", "/")];
        Assert.Equal(Refusal.None, core.SubmitRequest(fields, endStream: true, out var id));
        Assert.Equal(1u, id.Value);
        Assert.Equal(["SubmitRequest"], _tap.Take());
    }

    private ConnectionTap Tap() => new(_tap, new Http2ConnectionInfo(1, null, null), static failure => Assert.Fail($"{failure}"));

    private sealed class Fill(bool isPossible) : IBodyFill
    {
        public bool TryFill(in ReservedBody room)
        {
            if (isPossible)
                "abc"u8.CopyTo(room[0].Span);
            return isPossible;
        }
    }

    private sealed class InputTap : Http2FrameTap
    {
        public List<Input> Inputs { get; } = [];

        public override bool TakesInputs => true;

        public List<string> Take()
        {
            var names = Inputs.ConvertAll(static input => input.GetType().Name);
            Inputs.Clear();
            return names;
        }

        public override void Input(Http2ConnectionInfo connection, Input input) => Inputs.Add(input);
    }
}
