using Http2.Pure;
using Xunit;
using static Http2.Pure.StreamInput;
using static Http2.Pure.StreamState;

namespace Http2.Properties.Streams;

/// <summary>The table of RFC 9113 §5.1 written a second time, as one row a state, and compared over every pair.</summary>
public sealed class LifecycleTests
{
    // what each state does with each input, in the order of the enumeration:
    // a state's letter: goes there; '=' stays; '.' ignored; 'S' stream error STREAM_CLOSED; 'C' connection error STREAM_CLOSED;
    // 'P' connection error PROTOCOL_ERROR; 'x' this end may not send it
    private static readonly Dictionary<StreamState, string> Table = new()
    {
        //                    Send: H    D    E    R    Pr   Pd   WU   Pri  Receive: H    D    E    R    Pr   Pd   WU   Pri
        [Idle] =             "o    x    x    x    x    l    x    =             o    P    P    P    P    r    P    =",
        [ReservedLocal] =    "R    x    x    u    x    x    x    =             P    P    P    p    P    P    =    =",
        [ReservedRemote] =   "x    x    x    u    x    x    =    =             L    P    P    p    P    P    P    =",
        [Open] =             "=    =    L    u    =    x    =    =             =    =    R    p    =    P    =    =",
        [HalfClosedLocal] =  "x    x    x    u    x    x    =    =             =    =    e    p    =    P    =    =",
        [HalfClosedRemote] = "=    =    e    u    =    x    .    =             S    S    S    p    P    P    =    =",
        [Ended] =            "x    x    x    x    x    x    x    =             C    C    C    .    P    P    .    =",
        [ResetByUs] =        "x    x    x    x    x    x    x    =             .    .    .    .    .    P    .    =",
        [ResetByPeer] =      "x    x    x    x    x    x    x    =             C    C    C    .    P    P    .    =",
    };

    private static readonly Dictionary<char, StreamState> Letters = new()
    {
        ['o'] = Open, ['l'] = ReservedLocal, ['r'] = ReservedRemote, ['L'] = HalfClosedLocal, ['R'] = HalfClosedRemote,
        ['e'] = Ended, ['u'] = ResetByUs, ['p'] = ResetByPeer,
    };

    public static TheoryData<StreamState, StreamInput> Pairs()
    {
        var pairs = new TheoryData<StreamState, StreamInput>();
        foreach (var state in Enum.GetValues<StreamState>())
        {
            foreach (var input in Enum.GetValues<StreamInput>())
                pairs.Add(state, input);
        }
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_pair_of_state_and_input_has_the_transition_of_the_table(StreamState state, StreamInput input)
    {
        var cell = Table[state].Split(' ', StringSplitOptions.RemoveEmptyEntries)[(int)input][0];
        var expected = cell switch
        {
            '=' => new Transition(state, StreamVerdict.Accept, ErrorCode.NoError),
            '.' => new Transition(state, StreamVerdict.Ignore, ErrorCode.NoError),
            'S' => new Transition(state, StreamVerdict.StreamError, ErrorCode.StreamClosed),
            'C' => new Transition(state, StreamVerdict.ConnectionError, ErrorCode.StreamClosed),
            'P' => new Transition(state, StreamVerdict.ConnectionError, ErrorCode.ProtocolError),
            'x' => new Transition(state, StreamVerdict.Refuse, ErrorCode.NoError),
            _ => new Transition(Letters[cell], StreamVerdict.Accept, ErrorCode.NoError),
        };
        Assert.Equal(expected, Lifecycle.Move(state, input));
    }

    [Fact]
    public void The_table_covers_every_state_and_every_input()
    {
        Assert.Equal(Enum.GetValues<StreamState>().Order(), Table.Keys.Order());
        Assert.All(Table.Values, row =>
            Assert.Equal(Enum.GetValues<StreamInput>().Length, row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void What_one_end_may_send_the_other_may_receive(StreamState state, StreamInput input)
    {
        if (input >= ReceiveHeaders || state >= Ended)
            return;
        var mirrored = state switch
        {
            ReservedLocal => ReservedRemote,
            ReservedRemote => ReservedLocal,
            HalfClosedLocal => HalfClosedRemote,
            HalfClosedRemote => HalfClosedLocal,
            _ => state,
        };
        var sent = Lifecycle.Move(state, input).Verdict;
        var received = Lifecycle.Move(mirrored, input + (ReceiveHeaders - SendHeaders)).Verdict;
        if (sent == StreamVerdict.Accept)
            Assert.Equal(StreamVerdict.Accept, received);
    }

    [Theory]
    [InlineData(Idle, false, false, false, false)]
    [InlineData(ReservedLocal, true, false, false, false)]
    [InlineData(ReservedRemote, false, true, false, false)]
    [InlineData(Open, true, true, true, false)]
    [InlineData(HalfClosedLocal, false, true, true, false)]
    [InlineData(HalfClosedRemote, true, false, true, false)]
    [InlineData(Ended, false, false, false, true)]
    [InlineData(ResetByUs, false, false, false, true)]
    [InlineData(ResetByPeer, false, false, false, true)]
    public void Who_may_send_and_what_counts_follow_from_the_state(StreamState state, bool send, bool receive, bool active, bool closed)
    {
        Assert.Equal(send, state.CanSend());
        Assert.Equal(receive, state.CanReceive());
        Assert.Equal(active, state.IsActive());
        Assert.Equal(closed, state.IsClosed());
    }
}
