using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>Frames of a peer, right or wrong, and the field blocks in them.</summary>
internal static class PeerFrames
{
    /// <summary>:method GET, :scheme http, :path /, :authority a.</summary>
    public const string Get = "828684010161";

    /// <summary>A request like the one above, with :method POST.</summary>
    public const string Post = "838684010161";

    /// <summary>:status 200.</summary>
    public const string Ok = "88";

    /// <summary>x-t: 1, without indexing.</summary>
    public const string Trailers = "0003782d740131";

    /// <summary>x-a: 1, which enters the dynamic table.</summary>
    public const string Indexed = "4003782d610131";

    /// <summary>The first entry of the dynamic table.</summary>
    public const string FirstOfTable = "be";

    /// <summary>content-length: 5.</summary>
    public const string Length5 = "0f0d0135";

    /// <summary>Flags of frames.</summary>
    public const byte EndStream = 1, Ack = 1, EndHeaders = 4, Padded = 8, Priority = 0x20;

    /// <summary>A frame whose payload is written in hexadecimal digits.</summary>
    public static byte[] Of(FrameType type, byte flags, uint id, string hex) => Of(type, flags, id, Convert.FromHexString(hex));

    /// <summary>A frame.</summary>
    public static byte[] Of(FrameType type, byte flags, uint id, params byte[] payload)
    {
        var output = new OutputBuffer(FrameHeader.Size + payload.Length);
        FrameWriter.WriteFrame(output, type, (FrameFlags)flags, new(id), payload);
        return output.WrittenMemory.ToArray();
    }

    /// <summary>HEADERS with a whole block.</summary>
    public static byte[] Headers(uint id, string block, bool end) =>
        Of(FrameType.Headers, (byte)(EndHeaders | (end ? EndStream : 0)), id, block);

    /// <summary>DATA without padding.</summary>
    public static byte[] Data(uint id, int octets, bool end = false) => Of(FrameType.Data, end ? EndStream : (byte)0, id, new byte[octets]);

    /// <summary>A frame whose payload is one number of 32 bits, such as WINDOW_UPDATE and RST_STREAM.</summary>
    public static byte[] Number(FrameType type, uint id, uint number) => Of(type, 0, id, Octets(number));

    /// <summary>SETTINGS with one entry.</summary>
    public static byte[] Setting(SettingId id, uint value) => Of(FrameType.Settings, 0, 0, [(byte)((ushort)id >> 8), (byte)id, .. Octets(value)]);

    /// <summary>GOAWAY with NO_ERROR.</summary>
    public static byte[] GoAway(uint last) => Of(FrameType.GoAway, 0, 0, [.. Octets(last), .. Octets(0)]);

    /// <summary>PUSH_PROMISE with a whole block.</summary>
    public static byte[] Promise(uint id, uint promised, string block) =>
        Of(FrameType.PushPromise, EndHeaders, id, [.. Octets(promised), .. Convert.FromHexString(block)]);

    /// <summary>A field whose value has so many octets, as a literal without indexing: x-b.</summary>
    public static string LongField(int octets)
    {
        var length = octets < 127
            ? [(byte)octets]
            : (byte[])[127, .. octets - 127 < 128 ? (byte[])[(byte)(octets - 127)] : [(byte)((octets - 127) % 128 + 128), (byte)((octets - 127) / 128)]];
        return "0003782d62" + Convert.ToHexString([.. length, .. Enumerable.Repeat((byte)'v', octets)]);
    }

    /// <summary>A number of 32 bits.</summary>
    public static byte[] Octets(uint number)
    {
        var octets = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return octets;
    }
}
