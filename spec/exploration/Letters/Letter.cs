using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>One input of an alphabet. Immutable.</summary>
/// <param name="Name">A short name, unique in the alphabet.</param>
/// <param name="In">The input at a point of an exploration; null when it has no meaning there.</param>
internal sealed record Letter(string Name, Func<Situation, Input?> In)
{
    /// <summary>What the letter is to the reference model, or null when the model does not know it.</summary>
    public Command? Command { get; private init; }

    /// <summary>Octets of the peer: whole frames.</summary>
    public static Letter Of(string name, byte[] octets) => new(name, at => new Input.Received(new Octets(octets), at.Now));

    /// <summary>An input that is the same at all times.</summary>
    public static Letter Of(string name, Input input) => new(name, _ => input);

    /// <summary>A command of the reference model.</summary>
    public static Letter Of(Command command) => new(command.ToString(), at => at.Model!.InputOf(command)) { Command = command };
}
