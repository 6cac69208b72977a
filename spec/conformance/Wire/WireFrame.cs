using System.Buffers.Binary;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>A frame as it was on the wire, neither parsed nor judged: a harness must be able to look at what is wrong.</summary>
internal readonly record struct WireFrame(FrameType Type, FrameFlags Flags, uint StreamId, ReadOnlyMemory<byte> Payload)
{
    public const int HeaderLength = 9;

    /// <summary>The most that the 24 bits of the length can say (RFC 9113 §4.1).</summary>
    public const int MaxLength = (1 << 24) - 1;

    /// <summary>Whether the reserved bit before the stream identifier was set, which no sender may do (RFC 9113 §4.1).</summary>
    public bool Reserved { get; init; }

    public int Length => Payload.Length;

    public bool Has(FrameFlags flag) => (Flags & flag) == flag;

    public bool EndsStream => Type is FrameType.Data or FrameType.Headers && Has(FrameFlags.EndStream);

    public bool IsAck => Type is FrameType.Settings or FrameType.Ping && Has(FrameFlags.Ack);

    /// <summary>The flags that the frame's type defines (RFC 9113 §6); all others are to be left unset.</summary>
    public FrameFlags Defined => Type switch
    {
        FrameType.Data => FrameFlags.EndStream | FrameFlags.Padded,
        FrameType.Headers => FrameFlags.EndStream | FrameFlags.EndHeaders | FrameFlags.Padded | FrameFlags.Priority,
        FrameType.PushPromise => FrameFlags.EndHeaders | FrameFlags.Padded,
        FrameType.Settings or FrameType.Ping => FrameFlags.Ack,
        FrameType.Continuation => FrameFlags.EndHeaders,
        FrameType.Priority or FrameType.RstStream or FrameType.GoAway or FrameType.WindowUpdate or FrameType.PriorityUpdate => FrameFlags.None,
        _ => (FrameFlags)0xff,
    };

    /// <summary>The padding of DATA, HEADERS and PUSH_PROMISE.</summary>
    public ReadOnlyMemory<byte> Padding =>
        Type is FrameType.Data or FrameType.Headers or FrameType.PushPromise && Has(FrameFlags.Padded) && Length > 0 && Payload.Span[0] < Length
            ? Payload[^Payload.Span[0]..]
            : default;

    /// <summary>The code of RST_STREAM or GOAWAY; null when the payload is too short to hold one.</summary>
    public ErrorCode? ErrorCode => Type switch
    {
        FrameType.RstStream when Length >= 4 => (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.Span),
        FrameType.GoAway when Length >= 8 => (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(Payload.Span[4..]),
        _ => null,
    };

    /// <summary>Whether RST_STREAM or GOAWAY has one of these codes.</summary>
    public bool HasOneOf(ErrorCode[] codes) => ErrorCode is { } code && Array.IndexOf(codes, code) >= 0;

    /// <summary>Whether the frame answers a PING with these octets.</summary>
    public bool IsPong(ulong opaque) => Type == FrameType.Ping && IsAck && Payload.Span.SequenceEqual(Octet.UInt64(opaque));

    /// <summary>The last stream that a GOAWAY names, or the stream that a PUSH_PROMISE promises; 0 when the payload is too short.</summary>
    public uint NamedStream => (Type, Length) switch
    {
        (FrameType.GoAway, >= 8) => BinaryPrimitives.ReadUInt32BigEndian(Payload.Span) & 0x7fffffff,
        (FrameType.PushPromise, >= 5) => BinaryPrimitives.ReadUInt32BigEndian(Payload.Span[(Has(FrameFlags.Padded) ? 1 : 0)..]) & 0x7fffffff,
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
            if (Type is FrameType.Data or FrameType.Headers or FrameType.PushPromise && Has(FrameFlags.Padded) && Length > 0)
            {
                from = 1;
                to = Length - Payload.Span[0];
            }
            if (Type == FrameType.Headers && Has(FrameFlags.Priority))
                from += 5;
            if (Type == FrameType.PushPromise)
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
