using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Bench.Micro;

/// <summary>What a client sends, as octets: batches of requests whose streams go on from batch to batch.</summary>
internal sealed class Traffic
{
    /// <summary>Requests in a batch.</summary>
    public const int Requests = 100;

    private const int BodyLength = 13;

    private readonly byte[] _batch;
    private readonly List<int> _ids = [];
    private uint _next = 1;

    public Traffic()
    {
        var output = new OutputBuffer();
        var encoder = EncoderState.Create();
        for (var i = 0; i < Requests; i++)
        {
            var block = new OutputBuffer();
            encoder = Encode(encoder, block);
            // The first block would insert fields with every batch; the later ones only refer to them.
            if (i == 0)
                First = Frame(block.WrittenMemory.Span, 1);
            else
                Append(output, block.WrittenMemory.Span);
        }
        // Credit for the bodies that come back (RFC 9113 §6.9).
        output.Write([0, 0, 4, 8, 0, 0, 0, 0, 0]);
        Span<byte> credit = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(credit, Requests * BodyLength);
        output.Write(credit);
        _batch = output.WrittenMemory.ToArray();
    }

    /// <summary>The preface, SETTINGS, the acknowledgement of the server's, and a first request.</summary>
    public byte[] Opening => [.. WireConstants.Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, .. First];

    /// <summary>A request that is stream 1.</summary>
    public byte[] First { get; } = [];

    /// <summary>The next batch; the array is used again. <see cref="Requests"/> - 1 of them.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        foreach (var at in _ids)
            BinaryPrimitives.WriteUInt32BigEndian(_batch.AsSpan(at), _next += 2);
        return _batch;
    }

    private static EncoderState Encode(EncoderState encoder, OutputBuffer output)
    {
        var block = new BlockWriter(encoder, output);
        block.Write(":method"u8, "GET"u8);
        block.Write(":scheme"u8, "http"u8);
        block.Write(":path"u8, "/hello"u8);
        block.Write(":authority"u8, "127.0.0.1:8080"u8);
        block.Write("user-agent"u8, "bench"u8);
        return block.Complete();
    }

    private void Append(OutputBuffer output, ReadOnlySpan<byte> block)
    {
        _ids.Add(output.Length + 5);
        output.Write(Frame(block, 0));
    }

    private static byte[] Frame(ReadOnlySpan<byte> block, byte id) => [0, 0, (byte)block.Length, 1, 5, 0, 0, 0, id, .. block];
}
