using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Bench.Micro;

/// <summary>The octets that a client sends: batches of requests, each with the stream identifiers that follow those of the batch before.</summary>
internal sealed class Traffic
{
    /// <summary>How many requests are encoded; all but the first are sent in each batch.</summary>
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
            // The block of the first request inserts its fields into the dynamic table, so it is sent once; the blocks of the others refer to them.
            if (i == 0)
                First = Frame(block.WrittenMemory.Span, 1);
            else
                Append(output, block.WrittenMemory.Span);
        }
        // WINDOW_UPDATE for the octets of the bodies that the server sends (RFC 9113 §6.9).
        output.Write([0, 0, 4, 8, 0, 0, 0, 0, 0]);
        Span<byte> credit = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(credit, Requests * BodyLength);
        output.Write(credit);
        _batch = output.WrittenMemory.ToArray();
    }

    /// <summary>The first octets: the preface, SETTINGS, the acknowledgement of the server's SETTINGS, and a first request.</summary>
    public byte[] Opening => [.. WireConstants.Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, .. First];

    /// <summary>The HEADERS frame of a request on stream 1.</summary>
    public byte[] First { get; } = [];

    /// <summary>The next batch: all requests but the first. All batches use the same array, so each is valid until the next.</summary>
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
