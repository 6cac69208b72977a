using System.Text;
using Hpack.Pure;
using Http2.TestSupport;

namespace Http2.Bench.Hpack;

/// <summary>A name and a value in the corpus's octets, the value right behind the name.</summary>
internal readonly record struct Slice(int At, int NameLength, int ValueLength);

/// <summary>
/// One header list of a story, in the shapes the contenders take, and as libnghttp2 encodes it. No object of its own, so that nobody waits for
/// that to come from memory.
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
        // Everything in a row, and the same memory for all contenders: none is to suffer from where its input lies.
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
