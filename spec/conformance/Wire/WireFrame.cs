using System.Buffers.Binary;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>The types of frames by their numbers (RFC 9113 §6, RFC 9218 §7.1); any other octet is a type, too.</summary>
internal enum WireType : byte
{
    Data = 0x0,
    Headers = 0x1,
    Priority = 0x2,
    RstStream = 0x3,
    Settings = 0x4,
    PushPromise = 0x5,
    Ping = 0x6,
    GoAway = 0x7,
    WindowUpdate = 0x8,
    Continuation = 0x9,
    PriorityUpdate = 0x10,
}

/// <summary>The flags that the frames define (RFC 9113 §6).</summary>
[Flags]
internal enum WireFlags : byte
{
    None = 0,
    Ack = 0x1,
    EndStream = 0x1,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}

/// <summary>A frame as it was on the wire, neither parsed nor judged: a harness must be able to look at what is wrong.</summary>
internal readonly record struct WireFrame(WireType Type, WireFlags Flags, uint StreamId, ReadOnlyMemory<byte> Payload)
{
    public const int HeaderLength = 9;

    /// <summary>The most that the 24 bits of the length can say (RFC 9113 §4.1).</summary>
    public const int MaxLength = (1 << 24) - 1;

    /// <summary>Whether the reserved bit before the stream identifier was set, which no sender may do (RFC 9113 §4.1).</summary>
    public bool Reserved { get; init; }

    public int Length => Payload.Length;

    public bool Has(WireFlags flag) => (Flags & flag) == flag;

    public bool EndsStream => Type is WireType.Data or WireType.Headers && Has(WireFlags.EndStream);

    public bool IsAck => Type is WireType.Settings or WireType.Ping && Has(WireFlags.Ack);

    /// <summary>The flags that the frame's type defines (RFC 9113 §6); all others are to be left unset.</summary>
    public WireFlags Defined => Type switch
    {
        WireType.Data => WireFlags.EndStream | WireFlags.Padded,
        WireType.Headers => WireFlags.EndStream | WireFlags.EndHeaders | WireFlags.Padded | WireFlags.Priority,
        WireType.PushPromise => WireFlags.EndHeaders | WireFlags.Padded,
        WireType.Settings or WireType.Ping => WireFlags.Ack,
        WireType.Continuation => WireFlags.EndHeaders,
        WireType.Priority or WireType.RstStream or WireType.GoAway or WireType.WindowUpdate or WireType.PriorityUpdate => WireFlags.None,
        _ => (WireFlags)0xff,
    };

    /// <summary>The padding of DATA, HEADERS and PUSH_PROMISE.</summary>
    public ReadOnlyMemory<byte> Padding =>
        Type is WireType.Data or WireType.Headers or WireType.PushPromise && Has(WireFlags.Padded) && Length > 0 && Payload.Span[0] < Length
            ? Payload[^Payload.Span[0]..]
            : default;

    /// <summary>The code of RST_STREAM or GOAWAY; null when the payload is too short to hold one.</summary>
    public ErrorCode? ErrorCode => Type switch
    {
        WireType.RstStream when Length >= 4 => (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.Span),
        WireType.GoAway when Length >= 8 => (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.Span[4..]),
        _ => null,
    };

    /// <summary>The last stream that a GOAWAY names, or the stream that a PUSH_PROMISE promises; 0 when the payload is too short.</summary>
    public uint NamedStream => (Type, Length) switch
    {
        (WireType.GoAway, >= 8) => BinaryPrimitives.ReadUInt32BigEndian(Payload.Span) & 0x7fffffff,
        (WireType.PushPromise, >= 5) => BinaryPrimitives.ReadUInt32BigEndian(Payload.Span[(Has(WireFlags.Padded) ? 1 : 0)..]) & 0x7fffffff,
        _ => 0,
    };

    /// <summary>The increment of a WINDOW_UPDATE; 0 when the payload is too short.</summary>
    public uint Increment => Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(Payload.Span) & 0x7fffffff : 0;

    /// <summary>The payload without padding, priority fields and promised identifier: DATA's octets or the field block fragment.</summary>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            var from = 0;
            var to = Length;
            if (Type is WireType.Data or WireType.Headers or WireType.PushPromise && Has(WireFlags.Padded) && Length > 0)
            {
                from = 1;
                to = Length - Payload.Span[0];
            }
            if (Type == WireType.Headers && Has(WireFlags.Priority))
                from += 5;
            if (Type == WireType.PushPromise)
                from += 4;
            return from > to ? default : Payload[from..to];
        }
    }

    /// <summary>The entries of a SETTINGS frame, in order.</summary>
    public IEnumerable<Setting> Settings
    {
        get
        {
            for (var at = 0; at + 6 <= Length; at += 6)
            {
                var entry = Payload.Span[at..];
                yield return new Setting((SettingId)BinaryPrimitives.ReadUInt16BigEndian(entry),
                    BinaryPrimitives.ReadUInt32BigEndian(entry[2..]));
            }
        }
    }
}
