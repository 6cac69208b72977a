using System.Text;
using Hpack.Pure;
using Http2.TestSupport;

namespace Http2.Bench.Hpack;

/// <summary>Where a field lies in the octets of the corpus: its name, and directly behind it its value.</summary>
internal readonly record struct Slice(int At, int NameLength, int ValueLength);

/// <summary>
/// One header list of a story, in each of the forms that contenders encode from, and as libnghttp2 has encoded it. A struct, so that the blocks
/// of a story lie side by side and no contender waits for a block that lies elsewhere in memory.
/// </summary>
internal struct Block
{
    public Block()
    {
    }

    public required HeaderField[] Fields { get; init; }

    public required Slice[] Slices { get; init; }

    public byte[] Wire { get; set; } = [];

    public NativeList Native { get; set; }
}

/// <summary>The raw stories: header lists of real connections, in order.</summary>
internal sealed class Corpus
{
    private readonly byte[] _octets;

    private Corpus(Story[] stories)
    {
        // All names and values lie in one array that all contenders read, so that none is slower because of where its input lies.
        _octets = GC.AllocateArray<byte>(stories.Sum(story => story.Cases.Sum(list => list.Headers.Sum(Length))), pinned: true);
        var at = 0;
        Stories = [.. stories.Select(story => story.Cases.Select(list => ReadBlock(list, ref at)).ToArray())];
        Blocks = Stories.Sum(story => story.Length);
        Headers = Stories.Sum(story => story.Sum(block => block.Fields.Length));
    }

    public Block[][] Stories { get; }

    public int Blocks { get; }

    public int Headers { get; }

    public long Octets => _octets.Length;

    public static Corpus Read() => new([.. Story.ReadAll("hpack-test-case/raw-data")]);

    public ReadOnlySpan<byte> Name(Slice slice) => _octets.AsSpan(slice.At, slice.NameLength);

    public ReadOnlySpan<byte> Value(Slice slice) => _octets.AsSpan(slice.At + slice.NameLength, slice.ValueLength);

    private static int Length(KeyValuePair<string, string> header) =>
        Encoding.UTF8.GetByteCount(header.Key) + Encoding.UTF8.GetByteCount(header.Value);

    private Block ReadBlock(StoryCase list, ref int at)
    {
        var slices = new Slice[list.Headers.Count];
        for (var i = 0; i < slices.Length; i++)
        {
            var (name, value) = list.Headers[i];
            var nameLength = Encoding.UTF8.GetBytes(name, _octets.AsSpan(at));
            var valueLength = Encoding.UTF8.GetBytes(value, _octets.AsSpan(at + nameLength));
            slices[i] = new(at, nameLength, valueLength);
            at += nameLength + valueLength;
        }
        return new Block
        {
            Slices = slices,
            Fields = [.. list.Headers.Select(header => new HeaderField(header.Key, header.Value))],
            Native = NativeList.Of(slices, _octets),
        };
    }
}
