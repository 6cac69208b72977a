namespace Http2.Properties.Differential;

/// <summary>Small damage to a sound block.</summary>
internal static class Mutation
{
    /// <summary>The block with one to three things changed.</summary>
    /// <param name="dice">The dice.</param>
    /// <param name="block">The block.</param>
    /// <param name="other">Another block, to splice in.</param>
    public static byte[] Of(ref Dice dice, ReadOnlySpan<byte> block, ReadOnlySpan<byte> other)
    {
        var octets = new List<byte>(block.Length + 64);
        octets.AddRange(block);
        for (var left = 1 + dice.Below(3); left > 0; left--)
            Change(ref dice, octets, other);
        return [.. octets];
    }

    private static void Change(ref Dice dice, List<byte> octets, ReadOnlySpan<byte> other)
    {
        var at = dice.Below(octets.Count + 1);
        switch (dice.Below(7))
        {
            case 0 when at < octets.Count:
                octets[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1 when at < octets.Count:
                octets[at] = (byte)dice.Next();
                break;
            case 2 when at < octets.Count:
                octets.RemoveAt(at);
                break;
            case 3:
                octets.RemoveRange(at, octets.Count - at);
                break;
            case 4:
                octets.Insert(at, dice.Of<byte>(0x00, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xff, (byte)dice.Next()));
                break;
            case 5:
                octets.InsertRange(at, other[dice.Below(other.Length + 1)..]);
                break;
            default:
                octets.InsertRange(at, octets.GetRange(at, Math.Min(dice.Below(16), octets.Count - at)));
                break;
        }
    }
}
