using Hpack.Pure;

namespace Http2.Properties.Differential;

/// <summary>
/// Random header lists with the repetition that real ones have: most fields come from a pool that is made once a connection, the others
/// are new.
/// </summary>
internal sealed class FieldGenerator
{
    private const string TokenCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    private static readonly HeaderField[] StaticFields = MakeStaticFields();
    private readonly HeaderField[] _pool = new HeaderField[24];

    /// <summary>Makes the pool.</summary>
    public FieldGenerator(ref Dice dice)
    {
        for (var i = 0; i < _pool.Length; i++)
            _pool[i] = MakeField(ref dice);
    }

    /// <summary>A list, of up to 16 fields.</summary>
    public List<HeaderField> MakeList(ref Dice dice)
    {
        var fields = new List<HeaderField>();
        for (var left = dice.Below(17); left > 0; left--)
        {
            fields.Add(dice.Below(8) switch
            {
                0 => MakeField(ref dice),
                1 or 2 => StaticFields[dice.Below(StaticFields.Length)],
                _ => _pool[dice.Below(_pool.Length)],
            });
        }
        return fields;
    }

    /// <summary>A field that was not there before, as a rule.</summary>
    public static HeaderField MakeField(ref Dice dice)
    {
        var name = dice.Below(4) switch
        {
            0 or 1 => StaticFields[dice.Below(StaticFields.Length)].Name,
            2 => new Octets(MakeText(ref dice, 1 + dice.Length(5))),
            _ => dice.PerMille(100) ? new Octets(MakeOctets(ref dice, dice.Length(6))) : new Octets(MakeText(ref dice, dice.Length(4))),
        };
        // Now and then a value fills the table, or more than fills it.
        var length = dice.PerMille(15) ? dice.Below(9000) : dice.Length(8);
        var value = dice.PerMille(250) ? MakeOctets(ref dice, length) : MakeText(ref dice, length);
        return new HeaderField(name, new Octets(value), dice.PerMille(40));
    }

    private static byte[] MakeText(ref Dice dice, int length)
    {
        var text = new byte[length];
        foreach (ref var octet in text.AsSpan())
            octet = (byte)TokenCharacters[dice.Below(TokenCharacters.Length)];
        return text;
    }

    private static byte[] MakeOctets(ref Dice dice, int length)
    {
        var octets = new byte[length];
        dice.Fill(octets);
        return octets;
    }

    private static HeaderField[] MakeStaticFields()
    {
        // An indexed field of each static entry decodes to it: the table is read from the codec, not written down a second time.
        var block = Enumerable.Range(1, 61).Select(index => (byte)(0x80 | index)).ToArray();
        return [.. HpackDecoder.Decode(DecoderState.Create(), new Octets(block)).Match(
            decoded => decoded.Fields, error => throw new InvalidOperationException(error.ToString()))];
    }
}
