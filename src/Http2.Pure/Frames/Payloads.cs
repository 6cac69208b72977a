using System.Buffers.Binary;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>The payload of DATA (RFC 9113 §6.1). All octets, padding and its length included, count against flow control.</summary>
/// <param name="Data">The octets of the body, a slice of the input.</param>
/// <param name="Padding">The padding's octets, which mean nothing, or null when the frame is not PADDED.</param>
public readonly record struct DataPayload(Octets Data, Octets? Padding = null);

/// <summary>The five octets of deprecated priority (RFC 9113 §6.3).</summary>
/// <param name="Exclusive">The exclusive flag.</param>
/// <param name="Dependency">The stream depended on.</param>
/// <param name="Weight">1 to 256; one more than the octet on the wire.</param>
public readonly record struct PriorityPayload(bool Exclusive, StreamId Dependency, int Weight);

/// <summary>The payload of HEADERS (RFC 9113 §6.2).</summary>
/// <param name="Fragment">The field block or its first part, a slice of the input.</param>
/// <param name="Priority">The deprecated priority, or null when the PRIORITY flag is unset.</param>
/// <param name="Padding">The padding's octets, or null when the frame is not PADDED.</param>
public readonly record struct HeadersPayload(Octets Fragment, PriorityPayload? Priority = null, Octets? Padding = null);

/// <summary>The payload of RST_STREAM (RFC 9113 §6.4).</summary>
/// <param name="Code">Why the stream ended.</param>
public readonly record struct RstStreamPayload(ErrorCode Code);

/// <summary>
/// The payload of SETTINGS (RFC 9113 §6.5): a view of the entries on the wire, in order, duplicates and unknown ones included.
/// </summary>
/// <param name="Entries">Six octets for each entry, a slice of the input.</param>
public readonly record struct SettingsPayload(Octets Entries)
{
    /// <summary>The octets of one entry: 6.</summary>
    public const int EntrySize = 6;

    /// <summary>How many entries there are.</summary>
    public int Count => Entries.Length / EntrySize;

    /// <summary>The entry at <paramref name="index"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public Setting this[int index]
    {
        get
        {
            var entry = Entries.Span.Slice(index * EntrySize, EntrySize);
            return new Setting((SettingId)BinaryPrimitives.ReadUInt16BigEndian(entry), BinaryPrimitives.ReadUInt32BigEndian(entry[2..]));
        }
    }

    /// <summary>The payload that carries <paramref name="settings"/>.</summary>
    /// <param name="settings">The entries, in order.</param>
    public static SettingsPayload Of(params ReadOnlySpan<Setting> settings)
    {
        var octets = new byte[settings.Length * EntrySize];
        for (var i = 0; i < settings.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(i * EntrySize), (ushort)settings[i].Id);
            BinaryPrimitives.WriteUInt32BigEndian(octets.AsSpan(i * EntrySize + 2), settings[i].Value);
        }
        return new SettingsPayload(new Octets(octets));
    }
}

/// <summary>The payload of PUSH_PROMISE (RFC 9113 §6.6).</summary>
/// <param name="Promised">The stream that is reserved: even and not 0.</param>
/// <param name="Fragment">The field block of the promised request or its first part, a slice of the input.</param>
/// <param name="Padding">The padding's octets, or null when the frame is not PADDED.</param>
public readonly record struct PushPromisePayload(StreamId Promised, Octets Fragment, Octets? Padding = null);

/// <summary>The payload of PING (RFC 9113 §6.7).</summary>
/// <param name="Opaque">Its eight octets, in network order.</param>
public readonly record struct PingPayload(ulong Opaque);

/// <summary>The payload of GOAWAY (RFC 9113 §6.8).</summary>
/// <param name="LastStreamId">The last stream of the receiver that the sender may have worked on.</param>
/// <param name="Code">Why the connection ends.</param>
/// <param name="Debug">Debug data, a slice of the input.</param>
public readonly record struct GoAwayPayload(StreamId LastStreamId, ErrorCode Code, Octets Debug = default);

/// <summary>The payload of WINDOW_UPDATE (RFC 9113 §6.9).</summary>
/// <param name="Increment">The credit in octets, 1 to 2^31-1.</param>
public readonly record struct WindowUpdatePayload(uint Increment);

/// <summary>The payload of CONTINUATION (RFC 9113 §6.10).</summary>
/// <param name="Fragment">The next part of the field block, a slice of the input.</param>
public readonly record struct ContinuationPayload(Octets Fragment);

/// <summary>
/// The payload of ALTSVC (RFC 7838 §4). A receiver ignores it when an origin stands on a stream, or none on the connection.
/// </summary>
/// <param name="Origin">The origin that is meant; empty on a stream, whose own origin is meant.</param>
/// <param name="FieldValue">A value of the Alt-Svc field.</param>
public readonly record struct AltSvcPayload(Octets Origin, Octets FieldValue);

/// <summary>The payload of ORIGIN (RFC 8336 §2.1).</summary>
/// <param name="Entries">
/// The entries on the wire: for each its length in two octets, then the origin in ASCII. A slice of the input.
/// </param>
public readonly record struct OriginPayload(Octets Entries)
{
    /// <summary>The origins, in order, as slices.</summary>
    public IEnumerable<Octets> Origins
    {
        get
        {
            for (var at = 0; at + 2 <= Entries.Length;)
            {
                var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(Entries.Span[at..]), Entries.Length - at - 2);
                yield return Entries.Slice(at + 2, length);
                at += 2 + length;
            }
        }
    }

    /// <summary>The payload that carries <paramref name="origins"/>.</summary>
    /// <param name="origins">Each at most 65,535 octets.</param>
    /// <exception cref="OverflowException">One is longer.</exception>
    public static OriginPayload Of(params ReadOnlySpan<Octets> origins)
    {
        var output = new OutputBuffer(256);
        foreach (var origin in origins)
        {
            BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), checked((ushort)origin.Length));
            output.Advance(2);
            output.Write(origin.Span);
        }
        return new OriginPayload(new Octets(output.WrittenMemory));
    }
}

/// <summary>The payload of PRIORITY_UPDATE (RFC 9218 §7.1).</summary>
/// <param name="Prioritized">The stream whose priority it is.</param>
/// <param name="FieldValue">A value of the Priority field, a slice of the input.</param>
public readonly record struct PriorityUpdatePayload(StreamId Prioritized, Octets FieldValue);

/// <summary>The payload of a frame of an unknown type (RFC 9113 §5.5).</summary>
/// <param name="Body">All its octets, a slice of the input.</param>
public readonly record struct UnknownPayload(Octets Body);
