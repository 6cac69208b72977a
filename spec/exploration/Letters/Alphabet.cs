using Http2.Pure;

namespace Http2.Exploration;

/// <summary>Where an exploration begins, and what can happen at every point of it. Immutable.</summary>
/// <param name="Name">A name to choose it by.</param>
/// <param name="Trace">The handshake, and which end it is.</param>
/// <param name="Options">What the connection is opened with.</param>
/// <param name="Letters">All inputs.</param>
internal sealed record Alphabet(string Name, Trace Trace, ConnectionOptions Options, IReadOnlyList<Letter> Letters)
{
    /// <summary>All alphabets: those of everything, and those that the reference model knows.</summary>
    public static IReadOnlyList<Alphabet> All => [ServerLetters.Alphabet, ClientLetters.Alphabet, ModelLetters.Server, ModelLetters.Client];

    /// <summary>Which end is explored.</summary>
    public Role Role => Trace.Role;

    /// <summary>What the peer sends first: its SETTINGS, and the acknowledgement of ours.</summary>
    public Input Handshake => new Input.Received(FrameMaker.Handshake(Role, Trace.PeerWindow), 0);

    /// <summary>The point behind the handshake.</summary>
    public Situation Begin() => new(
        Connection.Step(Connection.Start(Role, Options, 0).State, Handshake).State,
        0,
        Letters.All(letter => letter.Command is not null) ? new ModelFollower(Trace) : null);
}
