using BenchmarkDotNet.Attributes;
using Hpack.Pure;

namespace Http2.Bench.Micro;

/// <summary>A response's block encoded, and a request's block decoded, when the tables have the fields already.</summary>
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

    /// <summary>Brings the fields into both tables.</summary>
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

    /// <summary>Five fields that are in the table.</summary>
    [Benchmark]
    public int EncodeKnown()
    {
        _output.Truncate(0);
        Write(_encoder);
        return _output.Length;
    }

    /// <summary>The same five fields.</summary>
    [Benchmark]
    public int DecodeKnown()
    {
        _arena.Reset();
        HpackDecoder.Decode(_decoder, _block, long.MaxValue, _arena, out var fields, out _);
        return fields.Count;
    }

    /// <summary>Five fields as literals into an empty table, on the documented face.</summary>
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
