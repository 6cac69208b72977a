using System.Text;
using Hpack.Pure;

namespace Http2.Bench.Hpack;

/// <summary>How long an octet takes in blocks of different lengths. It must not take longer in longer blocks.</summary>
/// <param name="Kind">What the block is made of.</param>
/// <param name="Nanoseconds">For each of the lengths, the nanoseconds for an octet of the block.</param>
internal sealed record LinearityRow(string Kind, double[] Nanoseconds);

/// <summary>Decodes and encodes single blocks of very different lengths.</summary>
internal static class Linearity
{
    public static readonly int[] Lengths = [4 << 10, 64 << 10, 1 << 20];

    private const long OctetsPerPass = 4 << 20;

    public static LinearityRow[] Run() =>
    [
        DecodeRow("decode: literals not indexed", Indexing.Without),
        DecodeRow("decode: literals inserted", Indexing.Incremental),
        new("decode: literals inserted, list bounded to 64 KiB", Measure(length =>
            Decoding(Encode(Fields(length), Indexing.Incremental), 65_536))),
        new("decode: indexed fields", Measure(length => Decoding(Indexed(length)))),
        EncodeRow("encode: literals not indexed", Indexing.Without),
        EncodeRow("encode: literals inserted", Indexing.Incremental),
    ];

    private static LinearityRow DecodeRow(string name, Indexing indexing) =>
        new(name, Measure(length => Decoding(Encode(Fields(length), indexing))));

    private static LinearityRow EncodeRow(string name, Indexing indexing) => new(name, Measure(length =>
    {
        // Fields that are not inserted into the table need not differ; a few of them, repeated, stay in the caches whatever the length is.
        var few = Fields(length).Take(100).ToArray();
        var fields = indexing == Indexing.Incremental ? Fields(length) : [.. Fields(length).Select((_, i) => few[i % few.Length])];
        var state = EncoderState.Create(policy: IndexingPolicy.FromRule((_, _) => indexing));
        var output = new OutputBuffer(2 * length);
        return () =>
        {
            output.Truncate(0);
            var writer = new BlockWriter(state, output);
            foreach (var field in fields)
                writer.Write(field);
            writer.Complete();
            return output.Length;
        };
    }));

    private static Func<int> Decoding(byte[] block, long maxListSize = long.MaxValue)
    {
        var state = Warm;
        var arena = new FieldArena();
        return () =>
        {
            arena.Reset();
            var error = HpackDecoder.Decode(state, block, maxListSize, arena, out _, out _);
            return error.IsNone ? block.Length : throw new InvalidOperationException(error.ToString());
        };
    }

    // Measures the lengths in turns; for each length the median of the times for an octet.
    private static double[] Measure(Func<int, Func<int>> make)
    {
        var runs = Lengths.Select(make).ToArray();
        var times = Lengths.Select(_ => new List<double>()).ToArray();
        for (var round = -20; round < 25; round++)
        {
            for (var i = 0; i < runs.Length; i++)
            {
                long octets = 0;
                var start = ThreadClock.Seconds;
                while (octets < OctetsPerPass)
                    octets += runs[i]();
                if (round >= 0)
                    times[i].Add((ThreadClock.Seconds - start) * 1e9 / octets);
            }
        }
        return [.. times.Select(Rounds.Median)];
    }

    private static DecoderState Warm { get; } =
        HpackDecoder.Decode(DecoderState.Create(), Octets.FromHex("400161016240016301644001650166"))
            .IfLeft(error => throw new InvalidOperationException(error.ToString())).State;

    // Indexed fields: four of the static table for each one of the dynamic table.
    private static byte[] Indexed(int length) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)(0x80 | (i % 5 == 0 ? 62 + i % 3 : 2 + i % 13)))];

    private static byte[] Encode(HeaderField[] fields, Indexing indexing) =>
        HpackEncoder.Encode(EncoderState.Create(policy: IndexingPolicy.FromRule((_, _) => indexing)), fields).Block.Memory.ToArray();

    // Fields of which no two are equal, and which take about so many octets in a block.
    private static HeaderField[] Fields(int length)
    {
        var fields = new List<HeaderField>();
        for (var octets = 0; octets < length; octets += 37)
        {
            var value = new StringBuilder().Append("value ").Append(fields.Count * 2654435761L % 1_000_003).Append(" of some text");
            fields.Add(new($"x-field-{fields.Count % 1000}", value.ToString()));
        }
        return [.. fields];
    }
}
