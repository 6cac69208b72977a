using FsCheck.Xunit;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>What must hold over any sequence of blocks and limits.</summary>
public sealed class RoundTripProperties
{
    [Property(MaxTest = 600, Arbitrary = [typeof(Generators)])]
    public void Inflating_what_was_deflated_gives_the_fields_back_and_equal_tables(Exchange[] exchanges, bool indexAll)
    {
        var encoder = EncoderState.Create(policy: indexAll ? IndexingPolicy.All : IndexingPolicy.Default);
        var decoder = DecoderState.Create();
        foreach (var exchange in exchanges)
        {
            (encoder, decoder) = Change(encoder, decoder, exchange);
            CheckTable(encoder.Table, Math.Min(encoder.MaxTableSize, (int)encoder.PeerLimit));
            CheckTable(decoder.Table, decoder.MaxTableSize);
            var encoded = HpackEncoder.Encode(encoder, exchange.Fields);
            var decoded = Codec.Decode(decoder, encoded.Block);
            Assert.Equal(exchange.Fields.Select(Key), decoded.Fields.Select(Key));
            Assert.All(exchange.Fields.Zip(decoded.Fields), pair => Assert.True(!pair.Item1.NeverIndexed || pair.Item2.NeverIndexed));
            (encoder, decoder) = (encoded.State, decoded.State);
            Assert.Equal(encoder.Table, decoder.Table);
            Assert.Equal(encoder.Table.GetHashCode(), decoder.Table.GetHashCode());
            Assert.Equal(encoder.Table.ToString(), decoder.Table.ToString());
            Assert.False(encoder.OwesSizeUpdate);
            Assert.False(decoder.OwesSizeUpdate);
            CheckTable(encoder.Table, Math.Min(encoder.MaxTableSize, (int)encoder.PeerLimit));
            CheckTable(decoder.Table, decoder.MaxTableSize);
        }
    }

    [Property(MaxTest = 300, Arbitrary = [typeof(Generators)])]
    public void All_ways_to_write_a_block_write_the_same_octets(Exchange[] exchanges)
    {
        EncoderState byList = EncoderState.Create(), byField = byList, bySpan = byList;
        var output = new OutputBuffer(1);
        foreach (var exchange in exchanges)
        {
            foreach (var limit in exchange.PeerLimits)
                (byList, byField, bySpan) = (byList.WithPeerLimit((uint)limit), byField.WithPeerLimit((uint)limit), bySpan.WithPeerLimit((uint)limit));
            var encoded = HpackEncoder.Encode(byList, exchange.Fields.ToList());
            output.Truncate(0);
            var fieldWriter = new BlockWriter(byField, output);
            foreach (var field in exchange.Fields)
                fieldWriter.Write(field);
            byField = fieldWriter.Complete();
            Assert.Equal(encoded.Block, new Octets(output.WrittenMemory));
            var start = output.Length;
            var spanWriter = new BlockWriter(bySpan, output);
            foreach (var field in exchange.Fields)
                spanWriter.Write(field.Name.Span, field.Value.Span, field.NeverIndexed);
            bySpan = spanWriter.Complete();
            Assert.Equal(encoded.Block, new Octets(output.WrittenMemory[start..]));
            Assert.Equal(encoded.State, byField);
            Assert.Equal(encoded.State, bySpan);
            byList = encoded.State;
        }
    }

    [Property(MaxTest = 500, Arbitrary = [typeof(Generators)])]
    public void The_faces_of_the_decoder_agree(Exchange[] exchanges)
    {
        var encoder = EncoderState.Create();
        DecoderState plain = DecoderState.Create(), spans = plain, reset = plain;
        FieldArena arena = new(), reused = new();
        var kept = new List<(HeaderField[] Fields, FieldList List)>();
        foreach (var exchange in exchanges)
        {
            var encoded = HpackEncoder.Encode(encoder, exchange.Fields);
            encoder = encoded.State;
            var decoded = Codec.Decode(plain, encoded.Block);
            Assert.True(HpackDecoder.Decode(spans, encoded.Block.Span, long.MaxValue, arena, out var list, out spans).IsNone);
            reused.Reset();
            Assert.True(HpackDecoder.Decode(reset, encoded.Block.Span, long.MaxValue, reused, out var again, out reset).IsNone);
            Assert.Equal(decoded.Fields.ToFields().AsEnumerable(), again.ToFields());
            Assert.Equal(decoded.State, reset);
            Assert.Equal(decoded.State, spans);
            plain = decoded.State;
            kept.Add(([.. decoded.Fields], list));
        }
        // Lists stay valid however much was decoded since.
        Assert.All(kept, pair => CheckList(pair.Fields, pair.List));
    }

    private static void CheckList(HeaderField[] expected, FieldList list)
    {
        Assert.Equal(expected, list.ToFields().AsEnumerable());
        Assert.Equal(expected.Length, list.Count);
        Assert.Equal(expected.Sum(field => (long)field.Size), list.Size);
        Assert.False(list.Overflowed);
        var index = 0;
        foreach (var view in list)
        {
            var field = expected[index];
            Assert.Equal(field, new HeaderField(Octets.Copy(view.Name), Octets.Copy(view.Value), view.NeverIndexed));
            Assert.Equal(field.Value, new Octets(list.ValueMemory(index)));
            Assert.Equal(field.Name, new Octets(list.NameMemory(index)));
            Assert.Equal(field.Token, view.Token);
            index++;
        }
        Assert.Equal(expected.Length, index);
    }

    private static (EncoderState Encoder, DecoderState Decoder) Change(EncoderState encoder, DecoderState decoder, Exchange exchange)
    {
        foreach (var limit in exchange.PeerLimits)
            (encoder, decoder) = (encoder.WithPeerLimit((uint)limit), decoder.WithMaxTableSize(limit));
        return (exchange.OwnLimit is { } own ? encoder.WithMaxTableSize(own) : encoder, decoder);
    }

    private static void CheckTable(DynamicTable table, int limit)
    {
        Assert.True(table.Size <= limit);
        Assert.True(table.Size <= table.MaxSize);
        Assert.True(table.MaxSize <= limit);
        Assert.Equal(table.Size, table.Sum(field => field.Size));
    }

    private static (Octets Name, Octets Value) Key(HeaderField field) => (field.Name, field.Value);
}
