using System.Buffers.Binary;
using System.Globalization;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>SETTINGS: <c>identifier 16, value 32</c> any number of times; none with ACK (RFC 9113 §6.5).</summary>
public static class SettingsFrame
{
    internal static readonly Rule OnStream = Rule.Http2("6.5", "SETTINGS belongs to stream 0");
    internal static readonly Rule WrongLength = Rule.Http2("6.5", "SETTINGS is a multiple of 6 octets long");
    internal static readonly Rule AckLength = Rule.Http2("6.5", "SETTINGS with ACK is empty");
    internal static readonly Rule TooManyEntries = new("policy", "settings", "a SETTINGS frame has no more entries than this end takes");

    /// <summary>Reads the payload. Every value is in its range afterwards.</summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">All of its payload.</param>
    /// <param name="maxEntries">How many entries are taken; more are answered with ENHANCE_YOUR_CALM.</param>
    /// <param name="settings">The entries of the payload; none when it is an acknowledgement.</param>
    /// <returns>What is wrong, or null.</returns>
    public static Fault? Parse(in FrameHeader header, ReadOnlyMemory<byte> payload, int maxEntries, out SettingsPayload settings)
    {
        settings = default;
        // §6.5: SETTINGS on a stream is a connection error
        if (!header.StreamId.IsConnection)
            return FrameRules.ConnectionError(OnStream);
        // §6.5: an acknowledgement carries nothing
        if (header.Has(FrameFlags.Ack) && payload.Length != 0)
            return FrameRules.ConnectionSizeError(AckLength);
        // §6.5: a length that is no multiple of 6 is a connection error
        if (payload.Length % SettingsPayload.EntrySize != 0)
            return FrameRules.ConnectionSizeError(WrongLength);
        var entries = new SettingsPayload(new Octets(payload));
        // 2,730 entries fit into one frame of the first size, and each may cost the receiver work
        if (entries.Count > maxEntries)
            return new Fault.OfConnection(ErrorCode.EnhanceYourCalm, TooManyEntries);
        // all values are judged before any is applied
        for (var i = 0; i < entries.Count; i++)
        {
            if (SettingRules.Judge(entries[i]) is { } fault)
                return fault;
        }
        settings = entries;
        return null;
    }

    /// <summary>Writes the frame.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="settings">The entries, in order.</param>
    public static void Write(OutputBuffer output, params ReadOnlySpan<Setting> settings)
    {
        var length = settings.Length * SettingsPayload.EntrySize;
        SettingsPayload.Write(FrameWriter.Reserve(output, length, FrameType.Settings, FrameFlags.None, StreamId.Connection), settings);
    }

    /// <summary>Writes SETTINGS with ACK (RFC 9113 §6.5.3).</summary>
    /// <param name="output">Where the octets go.</param>
    public static void WriteAck(OutputBuffer output) =>
        FrameWriter.Reserve(output, 0, FrameType.Settings, FrameFlags.Ack, StreamId.Connection);
}

/// <summary>
/// The payload of SETTINGS (RFC 9113 §6.5): a view of the entries on the wire, in order, duplicates and unknown ones included.
/// </summary>
/// <param name="Entries">Six octets for each entry, a slice of the input.</param>
public readonly record struct SettingsPayload(Octets Entries) : IFramePayload
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

    int IFramePayload.Length => Entries.Length;

    /// <summary>The payload that carries <paramref name="settings"/>.</summary>
    /// <param name="settings">The entries, in order.</param>
    public static SettingsPayload Of(params ReadOnlySpan<Setting> settings)
    {
        var octets = new byte[settings.Length * EntrySize];
        Write(octets, settings);
        return new SettingsPayload(new Octets(octets));
    }

    void IFramePayload.Write(Span<byte> destination) => Entries.Span.CopyTo(destination);

    IEnumerable<string> IFramePayload.Describe(FrameFlags flags)
    {
        if ((flags & FrameFlags.Ack) == 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"(niv={Count})");
        for (var i = 0; i < Count; i++)
        {
            var (id, value) = this[i];
            yield return string.Create(CultureInfo.InvariantCulture, $"[{WireNames.Of(id)}({WireNames.Hex((uint)id, 2)}):{value}]");
        }
    }

    /// <summary>The entries in one line, for example <c>[MaxFrameSize = 16384]</c>.</summary>
    public override string ToString()
    {
        var payload = this;
        return SettingLine.Of([.. Enumerable.Range(0, Count).Select(index => payload[index])]);
    }

    internal static void Write(Span<byte> destination, ReadOnlySpan<Setting> settings)
    {
        foreach (var (id, value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)id);
            BinaryPrimitives.WriteUInt32BigEndian(destination[2..], value);
            destination = destination[EntrySize..];
        }
    }
}
