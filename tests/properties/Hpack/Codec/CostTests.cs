using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>What a block allocates, what a state keeps alive.</summary>
public sealed class CostTests
{
    [Fact]
    public void Decoding_a_block_that_inserts_nothing_allocates_nothing_and_returns_the_same_state()
    {
        var state = Codec.Decode(DecoderState.Create(), Octets.FromHex("828684410f7777772e6578616d706c652e636f6d")).State;
        var block = Convert.FromHexString("828684be040c2f73616d706c652f70617468" + "0f1f86a8eb10649cbf" + "100870617373776f726406736563726574");
        var arena = new FieldArena();
        for (var i = 0; i < 100; i++)
            Decode(state, block, arena);
        arena.Reset();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = 0;
        for (var i = 0; i < 10; i++)
            decoded += Decode(state, block, arena);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(70, decoded);
    }

    [Fact]
    public void Encoding_a_block_that_inserts_nothing_allocates_nothing_and_returns_the_same_state()
    {
        HeaderField[] fields = [new(":status", "200"), new("server", "x"), new("content-type", "text/plain"), new("etag", "\"abc\"")];
        // the etag enters the table when it comes a second time
        var state = HpackEncoder.Encode(HpackEncoder.Encode(EncoderState.Create(), fields).State, fields).State;
        var output = new OutputBuffer();
        for (var i = 0; i < 100; i++)
            Encode(state, fields, output);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var same = 0;
        for (var i = 0; i < 10; i++)
            same += ReferenceEquals(state, Encode(state, fields, output)) ? 1 : 0;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10, same);
    }

    [Fact]
    public void A_decoder_state_keeps_a_bounded_log_alive_whatever_was_decoded()
    {
        var random = new Random(1);
        foreach (var limit in (int[])[0, 50, 256, 4096, 20_000])
        {
            var encoder = EncoderState.Create(limit, IndexingPolicy.All).WithPeerLimit((uint)limit);
            var state = DecoderState.Create(limit);
            for (var i = 0; i < 300; i++)
            {
                // From a few fields to far more than the table holds.
                var fields = Enumerable.Range(0, random.Next(1, i % 50 == 0 ? 3000 : 20))
                    .Select(_ => new HeaderField($"x-{random.Next(100)}", new string('v', random.Next(200)) + random.Next())).ToArray();
                var encoded = HpackEncoder.Encode(encoder, fields);
                var decoded = Codec.Decode(state, encoded.Block);
                Assert.Equal(fields, decoded.Fields.AsEnumerable());
                (encoder, state) = (encoded.State, decoded.State);
                CheckBound(state.Log, limit);
                CheckBound(encoder.Log, limit);
            }
        }
    }

    [Fact]
    public void A_state_whose_limit_was_lowered_lets_the_larger_log_go()
    {
        var fields = Enumerable.Range(0, 1000).Select(i => new HeaderField($"x-{i}", new string('v', 40))).ToArray();
        var encoder = EncoderState.Create(60_000, IndexingPolicy.All).WithPeerLimit(60_000);
        var encoded = HpackEncoder.Encode(encoder, fields);
        var state = Codec.Decode(DecoderState.Create(60_000), encoded.Block).State;
        CheckBound(state.WithMaxTableSize(100).Log, 100);
        CheckBound(encoded.State.WithPeerLimit(100).Log, 100);
        CheckBound(encoded.State.WithMaxTableSize(0).Log, 0);
        Assert.Single(state.WithMaxTableSize(100).Table);
        var shrunk = Codec.Decode(state, Octets.FromHex("3f45")).State; // 100
        CheckBound(shrunk.Log, 100);
        Assert.Equal(encoded.State.WithMaxTableSize(100).Table, shrunk.Table);
    }

    [Fact]
    public void A_hostile_block_keeps_the_list_and_the_log_within_the_bound()
    {
        // One long field, then thousands of references to it: 4 KB each for an octet (CVE-2016-6581).
        var bomb = new byte[40_000];
        byte[] literal = [0x40, 0x01, (byte)'a', 0x7f, 0xd1, 0x1e]; // 4,048 octets
        literal.CopyTo(bomb, 0);
        bomb.AsSpan(literal.Length + 4048).Fill(0xbe);
        var arena = new FieldArena();
        Assert.True(HpackDecoder.Decode(DecoderState.Create(), bomb, 65_536, arena, out var list, out _).IsNone);
        Assert.True(list.Overflowed);
        Assert.Equal(16, list.Count);
        Assert.Equal(4081L * (1 + bomb.Length - literal.Length - 4048), list.Size);
        Assert.True(arena.Refs.Length <= 256);

        // Thousands of insertions beyond the bound: the logs they filled are gone with the block.
        var flood = Enumerable.Range(0, 20_000).SelectMany(i => (byte[])[0x40, 0x01, (byte)i, 0x01, (byte)(i >> 8)]).ToArray();
        Assert.True(HpackDecoder.Decode(DecoderState.Create(), flood, 1000, arena, out list, out var next).IsNone);
        Assert.Equal(29, list.Count);
        Assert.Equal(20_000 * 34, list.Size);
        Assert.Equal(4096 / 34, next.Table.Count);
        CheckBound(next.Log, 4096);
    }

    private static void CheckBound(TableLog log, int limit)
    {
        Assert.True(log.Bytes.Length <= Math.Max(512, 2 * limit), $"{log.Bytes.Length} octets for a table of {limit}");
        Assert.True(log.Entries.Length <= Math.Max(16, limit / 16), $"{log.Entries.Length} entries for a table of {limit}");
    }

    private static int Decode(DecoderState state, byte[] block, FieldArena arena)
    {
        var error = HpackDecoder.Decode(state, block, 10_000, arena, out var fields, out var next);
        return error.IsNone && ReferenceEquals(state, next) ? fields.Count : -1;
    }

    private static EncoderState Encode(EncoderState state, HeaderField[] fields, OutputBuffer output)
    {
        output.Truncate(0);
        var writer = new BlockWriter(state, output);
        foreach (var field in fields)
            writer.Write(field);
        writer.WriteStatus(404);
        writer.WriteContentLength(123_456);
        return writer.Complete();
    }
}
