using System.Buffers.Binary;
using System.Text;

namespace Http2.Conformance;

/// <summary>
/// The first message of a TLS client (RFC 5246 §7.4.1.2), written octet by octet: for offers that a TLS library of today refuses to
/// make, such as TLS 1.1, RC4 or compression. The handshake ends there: the server's answer shows what it chose.
/// </summary>
internal static class ClientHello
{
    public const ushort Ssl30 = 0x0300;
    public const ushort Tls10 = 0x0301;
    public const ushort Tls11 = 0x0302;
    public const ushort Tls12 = 0x0303;

    /// <summary>The record that carries the message.</summary>
    /// <param name="version">The highest version offered.</param>
    /// <param name="suites">The cipher suites offered, by number.</param>
    /// <param name="compression">The compression methods offered; 0 is none and must be among them.</param>
    /// <param name="host">The server name to send, when it is one.</param>
    public static byte[] Of(ushort version, ushort[] suites, byte[] compression, string host)
    {
        var body = new List<byte>();
        Add16(body, version);
        body.AddRange(Enumerable.Range(1, 32).Select(i => (byte)(i * 7)));
        body.Add(0);
        Add16(body, (ushort)(suites.Length * 2));
        foreach (var suite in suites)
            Add16(body, suite);
        body.Add((byte)compression.Length);
        body.AddRange(compression);
        var extensions = Extensions(host);
        Add16(body, (ushort)extensions.Count);
        body.AddRange(extensions);

        var record = new List<byte> { 0x16 };
        Add16(record, version == Ssl30 ? Ssl30 : Tls10);
        Add16(record, (ushort)(body.Count + 4));
        record.AddRange([0x01, 0x00, (byte)(body.Count >> 8), (byte)body.Count]);
        record.AddRange(body);
        return [.. record];
    }

    private static List<byte> Extensions(string host)
    {
        var extensions = new List<byte>();
        if (!System.Net.IPAddress.TryParse(host, out _))
        {
            var name = Encoding.ASCII.GetBytes(host);
            Extension(extensions, 0, [.. Be16(name.Length + 3), 0, .. Be16(name.Length), .. name]);
        }
        Extension(extensions, 10, [0, 6, 0, 0x17, 0, 0x18, 0, 0x1d]);
        Extension(extensions, 11, [1, 0]);
        Extension(extensions, 13, [0, 14, 4, 1, 4, 3, 8, 4, 5, 1, 2, 1, 2, 3, 8, 5]);
        Extension(extensions, 16, [0, 3, 2, (byte)'h', (byte)'2']);
        Extension(extensions, 0xff01, [0]);
        return extensions;
    }

    private static void Extension(List<byte> to, ushort type, byte[] content)
    {
        Add16(to, type);
        Add16(to, (ushort)content.Length);
        to.AddRange(content);
    }

    private static void Add16(List<byte> to, ushort value) => to.AddRange(Be16(value));

    private static byte[] Be16(int value)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, (ushort)value);
        return octets;
    }
}

/// <summary>What a server answered to a <see cref="ClientHello"/>.</summary>
/// <param name="Version">The version of its ServerHello, or null when there was none: an alert, or the connection's end.</param>
/// <param name="Suite">The cipher suite it chose.</param>
/// <param name="Compression">The compression method it chose.</param>
/// <param name="Alert">The alert's number, or null.</param>
internal readonly record struct ServerHello(ushort? Version, ushort Suite, byte Compression, byte? Alert)
{
    public static ServerHello Parse(ReadOnlySpan<byte> octets)
    {
        if (octets.Length >= 7 && octets[0] == 0x15)
            return new ServerHello(null, 0, 0, octets[6]);
        if (octets.Length < 44 || octets[0] != 0x16 || octets[5] != 0x02)
            return default;
        var session = octets[43];
        var at = 44 + session;
        return octets.Length < at + 3
            ? default
            : new ServerHello(BinaryPrimitives.ReadUInt16BigEndian(octets[9..]),
                BinaryPrimitives.ReadUInt16BigEndian(octets[at..]), octets[at + 2], null);
    }

    /// <inheritdoc/>
    public override string ToString() => (Version, Alert) switch
    {
        ({ } version, _) => $"ServerHello with version 0x{version:x4}, cipher suite 0x{Suite:x4}, compression {Compression}",
        (_, { } alert) => $"alert {alert}",
        _ => "the end of the connection",
    };
}
