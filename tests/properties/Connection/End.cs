using Hpack.Pure;
using Http2.Pure;

namespace Http2.Properties.Connections;

/// <summary>
/// One end of a connection, driven by recorded inputs. Input memory is overwritten after each step, so whatever a state keeps of it shows.
/// </summary>
internal sealed class End
{
    private readonly Effects _effects = new();
    private readonly List<Input> _inputs = [];
    private readonly List<string> _events = [];
    private readonly List<byte> _sent = [];
    private readonly List<byte> _pending = [];
    private int _taken;

    public End(Role role, ConnectionOptions options)
    {
        Options = options;
        State = Connection.Open(role, options, 0, _effects);
        Collect();
    }

    private End(End from)
        : this(from.State.Role, from.Options)
    {
    }

    private End(ConnectionState state) => (Options, State) = (state.Options, state);

    /// <summary>The state that this end branched off from, as an end of its own; or null.</summary>
    public End? Origin { get; private init; }

    /// <summary>Called for each event, while the octets of the event are still there.</summary>
    public Action<ConnectionEvent> Handler { get; set; } = _ => { };

    public ConnectionOptions Options { get; }

    public ConnectionState State { get; private set; }

    public IReadOnlyList<string> Events => _events;

    /// <summary>All octets that went out.</summary>
    public byte[] Sent => [.. _sent];

    public bool IsFinished => Connection.IsFinished(State);

    /// <summary>Octets that came and are not a whole frame yet.</summary>
    public int Pending => _pending.Count;

    /// <summary>What went out since the last time.</summary>
    public byte[] Take()
    {
        var octets = _sent.Skip(_taken).ToArray();
        _taken = _sent.Count;
        return octets;
    }

    /// <summary>Takes octets off the wire and steps through every whole frame.</summary>
    public void Receive(ReadOnlySpan<byte> octets, long now)
    {
        _pending.AddRange(octets);
        while (true)
        {
            var consumed = 0;
            Apply(new Input([.. _pending], (state, memory, effects) => Connection.Receive(state, memory, now, effects, out consumed)));
            _pending.RemoveRange(0, consumed);
            if (consumed == 0)
                return;
        }
    }

    public void Do(Func<ConnectionState, Effects, ConnectionState> command) =>
        Apply(new Input([], (state, _, effects) => command(state, effects)));

    /// <summary>Does all that was ever done to this end again, to a fresh one.</summary>
    public End Replay()
    {
        var again = new End(this);
        foreach (var input in _inputs)
            again.Apply(input);
        return again;
    }

    /// <summary>Another end in the same state; what it does is no concern of this one.</summary>
    public End Branch() => new(State) { Origin = new End(State) };

    private void Apply(Input input)
    {
        _inputs.Add(input);
        var memory = input.Octets.ToArray();
        State = input.Step(State, memory, _effects);
        Collect();
        memory.AsSpan().Fill(0xee);
    }

    private void Collect()
    {
        _sent.AddRange(_effects.Output.WrittenMemory.Span);
        _effects.Output.Truncate(0);
        foreach (var e in _effects.Events)
        {
            _events.Add(EventText.Of(e));
            Handler(e);
        }
        _effects.Events.Clear();
    }

    private sealed record Input(byte[] Octets, Func<ConnectionState, ReadOnlyMemory<byte>, Effects, ConnectionState> Step);
}
