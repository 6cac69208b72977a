using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Http2.Conformance;

/// <summary>What the first message of a TLS client offers (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2), as it was on the wire.</summary>
/// <param name="Version">The highest version offered: 0x0303 for TLS 1.2, 0x0304 for TLS 1.3.</param>
/// <param name="Suites">The cipher suites, by number.</param>
/// <param name="Compression">The compression methods; 0 is none.</param>
/// <param name="Alpn">The protocols offered by ALPN, in order.</param>
/// <param name="ServerName">The server name, or null.</param>
/// <param name="Extensions">The numbers of all extensions.</param>
internal sealed record ReceivedHello(
    ushort Version, ImmutableArray<ushort> Suites, ImmutableArray<byte> Compression, ImmutableArray<string> Alpn, string? ServerName,
    ImmutableArray<ushort> Extensions)
{
    private const int HeaderLength = 5;
    private const ushort ServerNameType = 0;
    private const ushort AlpnType = 16;
    private const ushort SupportedVersions = 43;

    /// <summary>How many octets the record has, header included, or null when it is no handshake record.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> header) =>
        header.Length >= HeaderLength && header[0] == 0x16 ? HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(header[3..]) : null;

    /// <summary>Reads the record of a first message; null when it is none.</summary>
    public static ReceivedHello? Parse(ReadOnlySpan<byte> record)
    {
        try
        {
            // Record header, message type and length, version, random octets.
            if (record[HeaderLength] != 0x01)
                return null;
            var at = HeaderLength + 4;
            var version = BinaryPrimitives.ReadUInt16BigEndian(record[at..]);
            at += 34;
            at += 1 + record[at];
            var suites = Vector16(record, ref at);
            var compression = record.Slice(at + 1, record[at]).ToArray();
            at += 1 + record[at];
            var hello = new ReceivedHello(version, Numbers(suites), [.. compression], [], null, []);
            return at >= record.Length ? hello : hello.With(Vector16(record, ref at));
        }
        catch (Exception failure) when (failure is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private ReceivedHello With(ReadOnlySpan<byte> extensions)
    {
        var hello = this;
        var types = ImmutableArray.CreateBuilder<ushort>();
        for (var at = 0; at < extensions.Length;)
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions[at..]);
            at += 2;
            var content = Vector16(extensions, ref at);
            types.Add(type);
            hello = type switch
            {
                ServerNameType when content.Length > 5 => hello with { ServerName = Encoding.ASCII.GetString(content[5..]) },
                AlpnType => hello with { Alpn = Names(content[2..]) },
                SupportedVersions => hello with { Version = Numbers(content[1..]).Where(version => version is >= 0x0300 and <= 0x0304).DefaultIfEmpty(hello.Version).Max() },
                _ => hello,
            };
        }
        return hello with { Extensions = types.ToImmutable() };
    }

    private static ReadOnlySpan<byte> Vector16(ReadOnlySpan<byte> octets, ref int at)
    {
        var content = octets.Slice(at + 2, BinaryPrimitives.ReadUInt16BigEndian(octets[at..]));
        at += 2 + content.Length;
        return content;
    }

    private static ImmutableArray<ushort> Numbers(ReadOnlySpan<byte> octets)
    {
        var numbers = ImmutableArray.CreateBuilder<ushort>();
        for (; octets.Length >= 2; octets = octets[2..])
            numbers.Add(BinaryPrimitives.ReadUInt16BigEndian(octets));
        return numbers.ToImmutable();
    }

    private static ImmutableArray<string> Names(ReadOnlySpan<byte> octets)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        for (; octets.Length > 0; octets = octets[(1 + octets[0])..])
            names.Add(Encoding.ASCII.GetString(octets.Slice(1, octets[0])));
        return names.ToImmutable();
    }
}
