using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The decoder and the naive one agree, whatever the representations and however many times they come.</summary>
public sealed class NaiveDecoderProperties
{
    private static readonly int[] Limits = [0, 31, 40, 100, 300, 600, 4096];

    [Property(MaxTest = 1500, Arbitrary = [typeof(NaiveDecoderProperties)])]
    public void Blocks_of_representations_give_the_fields_and_the_table_of_the_naive_decoder(
        Representation[] first, Representation[] second, byte times, byte limit, ushort bound)
    {
        var size = Limits[limit % Limits.Length];
        var arena = new FieldArena();
        var (state, naive) = (DecoderState.Create(size), new NaiveDecoder(size));
        var kept = new List<(List<HeaderField> Fields, FieldList List)>();
        // The second goes round until it fills many logs; the third goes on from what that has left.
        byte[][] blocks = [Octets(first, 1), Octets(second, times), Octets(first, 2)];
        foreach (var block in blocks)
        {
            if (!Agree(naive, ref state, block, bound * 16L, arena, kept))
                return;
        }
        Assert.All(kept, pair => Assert.Equal(pair.Fields, pair.List.ToFields()));
    }

    [Property(MaxTest = 2000, Arbitrary = [typeof(Generators)])]
    public void Octets_that_look_like_a_block_get_the_verdict_of_the_naive_decoder(RoughBlock first, RoughBlock second, byte limit)
    {
        var size = Limits[limit % Limits.Length];
        var (state, naive) = (DecoderState.Create(size), new NaiveDecoder(size));
        if (Agree(naive, ref state, first.Octets, long.MaxValue, new FieldArena(), []))
            Agree(naive, ref state, second.Octets, long.MaxValue, new FieldArena(), []);
    }

    public static Arbitrary<Representation> Representation() => Arb.From(
        from kind in Gen.Choose(0, 9)
        from index in Gen.Frequency((3, Gen.Constant(0)), (3, Gen.Choose(62, 64)), (2, Gen.Choose(1, 61)), (1, Gen.Choose(62, 80)))
        from name in Gen.Choose(0, 12)
        from value in Gen.Frequency((6, Gen.Choose(0, 30)), (1, Gen.Choose(31, 700)))
        from seed in Gen.Choose(0, 1000)
        select new Representation(kind, index, name, value, seed));

    private static byte[] Octets(Representation[] representations, int times) =>
        [.. Enumerable.Repeat(representations, times).SelectMany(all => all).SelectMany(one => one.Octets())];

    // Answers whether the block was sound.
    private static bool Agree(
        NaiveDecoder naive, ref DecoderState state, byte[] block, long bound, FieldArena arena, List<(List<HeaderField>, FieldList)> kept)
    {
        var fields = new List<HeaderField>();
        var verdict = naive.Decode(block, fields);
        var own = HpackDecoder.Decode(state, new Octets(block));
        var error = HpackDecoder.Decode(state, block, bound, arena, out var list, out var next);
        Assert.Equal(verdict, error.Kind);
        Assert.Equal(verdict != HpackErrorKind.None, own.IsLeft);
        if (own.IsLeft)
            return false;
        var size = 0L;
        kept.Add((fields.TakeWhile(field => (size += field.Size) <= bound).ToList(), list));
        Assert.Equal(kept[^1].Item1, list.ToFields());
        Assert.Equal(fields.Sum(field => (long)field.Size), list.Size);
        own.IfRight(decoded => Assert.Equal(fields, decoded.Fields.AsEnumerable()));
        Assert.Equal(naive.Table, next.Table);
        state = next;
        return true;
    }
}

/// <summary>A representation (RFC 7541 §6), legal or nearly so.</summary>
public sealed record Representation(int Kind, int Index, int NameLength, int ValueLength, int Seed)
{
    public byte[] Octets()
    {
        var output = new List<byte>();
        switch (Kind)
        {
            case 0 or 1 or 2:
                Write(output, 0x80, 0x7f, Math.Max(1, Index));
                return [.. output];
            case 3:
                Write(output, 0x00, 0x0f, Index);
                break;
            case 4:
                Write(output, 0x10, 0x0f, Index);
                break;
            default:
                Write(output, 0x40, 0x3f, Index);
                break;
        }
        if (Index == 0)
            Write(output, NameLength, 'a');
        Write(output, ValueLength, '0');
        return [.. output];
    }

    private void Write(List<byte> output, int length, char first)
    {
        var octets = Enumerable.Range(0, length).Select(i => (byte)(first + (Seed + i * i) % 20)).ToArray();
        var target = new byte[length + 2 * StringLiteral.Overhead];
        if (Seed % 2 == 0)
        {
            output.AddRange(target.AsSpan(0, StringLiteral.Write(target, octets)));
            return;
        }
        Write(output, 0x00, 0x7f, length);
        output.AddRange(octets);
    }

    private static void Write(List<byte> output, int pattern, int mask, int number)
    {
        Span<byte> octets = stackalloc byte[PrefixInteger.MaxLength];
        output.AddRange(octets[..PrefixInteger.Write(octets, pattern, mask, number)]);
    }
}
