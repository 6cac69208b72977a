using BenchmarkDotNet.Attributes;
using Hpack.Pure;

namespace Http2.Bench.Micro;

/// <summary>Encodes and decodes a block of five fields, with tables that have the fields already, and with an empty table.</summary>
public class HpackBench
{
    private readonly HeaderField[] _fields =
    [
        new("content-type", "text/html; charset=utf-8"), new("server", "Http2Spec"), new("cache-control", "no-cache"),
        new("vary", "accept-encoding"), new("x-content-type-options", "nosniff"),
    ];

    private readonly OutputBuffer _output = new();
    private readonly FieldArena _arena = new();
    private EncoderState _encoder = EncoderState.Create();
    private DecoderState _decoder = DecoderState.Create();
    private byte[] _block = [];

    /// <summary>Encodes and decodes the fields, so that both dynamic tables have them.</summary>
    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < 2; i++)
        {
            _output.Truncate(0);
            _encoder = Write(_encoder);
            _block = _output.WrittenMemory.ToArray();
            HpackDecoder.Decode(_decoder, _block, long.MaxValue, _arena, out _, out _decoder);
        }
    }

    /// <summary>Encodes five fields that are in the dynamic table.</summary>
    [Benchmark]
    public int EncodeKnown()
    {
        _output.Truncate(0);
        Write(_encoder);
        return _output.Length;
    }

    /// <summary>Decodes the block of five fields that are in the dynamic table.</summary>
    [Benchmark]
    public int DecodeKnown()
    {
        _arena.Reset();
        HpackDecoder.Decode(_decoder, _block, long.MaxValue, _arena, out var fields, out _);
        return fields.Count;
    }

    /// <summary>Encodes five fields with an empty table, so that they become literals that are inserted, on the documented face.</summary>
    [Benchmark]
    public int EncodeFresh() => HpackEncoder.Encode(EncoderState.Create(), _fields).Block.Length;

    private EncoderState Write(EncoderState encoder)
    {
        var block = new BlockWriter(encoder, _output);
        foreach (var field in _fields)
            block.Write(field);
        return block.Complete();
    }
}
