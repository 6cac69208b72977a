using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Addresses that send or take bodies.</summary>
internal static class BodyEndpoints
{
    /// <summary>The most that <c>/bytes/N</c> sends: 1 TiB.</summary>
    public const long MaxBytes = 1L << 40;

    private static readonly Http2Headers OctetFields = [("content-type", "application/octet-stream")];

    private static readonly Http2Headers JsonFields =
    [
        ("content-type", "application/json"), ("x-content-type-options", "nosniff"), ("cache-control", "no-store"),
    ];

    private static readonly JsonWriterOptions ForPeople = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly byte[] Pattern = MakePattern();

    private static readonly byte[] BigOctets = MakeBig();

    /// <summary>1 MiB.</summary>
    public static Http2Response Big { get; } = new(200, OctetFields, BigOctets);

    // 63 octets: no usual size of a frame or of a buffer is a multiple of that, so that a frame or a buffer that is lost or doubled shows.
    private const string Line = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\n";

    /// <summary>The octet at a position of <c>/bytes/N</c> and <c>/big</c>: digits, letters and a line feed, over and over.</summary>
    public static byte OctetAt(long position) => (byte)Line[(int)(position % Line.Length)];

    /// <summary><c>/bytes/N</c>: N octets, made as they are sent.</summary>
    public static Http2Response Bytes(Http2Request request, string text)
    {
        if (Endpoint.ParseNumber(request, text, "N", 0, MaxBytes, out var length) is { } refusal)
            return refusal;
        if (length <= BigOctets.Length)
            return new Http2Response(200, OctetFields, ResponseBody.From(BigOctets.AsMemory(0, (int)length)));
        var sent = 0L;
        return new Http2Response(200, OctetFields, ResponseBody.Generate(
            buffer =>
            {
                var octets = (int)Math.Min(buffer.Length, length - sent);
                Fill(buffer.Span[..octets], sent);
                sent += octets;
                return sent == length ? BodyRead.Last(octets) : BodyRead.Data(octets);
            },
            length));
    }

    /// <summary>
    /// <c>/echo</c>: the request's body and trailers are sent back as they arrive; they are read only as fast as the client takes them.
    /// </summary>
    public static Http2Response Echo(Http2Request request) => new(
        200, [("content-type", request.Headers["content-type"] ?? "application/octet-stream")], ResponseBody.From(request.Body))
    {
        TrailersAfterBody = () => request.Trailers,
    };

    /// <summary><c>/upload</c>: reads the body and tells its length and SHA-256.</summary>
    public static async ValueTask<Http2Response> UploadAsync(Http2Request request, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        while (true)
        {
            var read = await request.Body.ReadAsync(cancellation);
            foreach (var segment in read.Buffer)
                hash.AppendData(segment.Span);
            length += read.Buffer.Length;
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }
        return Json(json =>
        {
            json.WriteNumber("length", length);
            json.WriteString("sha256", Convert.ToHexStringLower(hash.GetHashAndReset()));
        });
    }

    /// <summary><c>/drain</c>: reads the body, drops it and tells its length.</summary>
    public static async ValueTask<Http2Response> DrainAsync(Http2Request request, CancellationToken cancellation)
    {
        for (var length = 0L; ;)
        {
            var read = await request.Body.ReadAsync(cancellation);
            length += read.Buffer.Length;
            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return Json(json => json.WriteNumber("length", length));
        }
    }

    /// <summary>A JSON object, indented for people, with a line feed behind it.</summary>
    public static Http2Response Json(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, ForPeople))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        output.Write("\n"u8);
        return new Http2Response(200, JsonFields, output.WrittenMemory);
    }

    private static void Fill(Span<byte> octets, long position)
    {
        var from = (int)(position % 63);
        while (!octets.IsEmpty)
        {
            var part = Math.Min(octets.Length, Pattern.Length - from);
            Pattern.AsSpan(from, part).CopyTo(octets);
            octets = octets[part..];
            from = 0; // the pattern's length is a multiple of 63
        }
    }

    private static byte[] MakePattern()
    {
        var pattern = new byte[63 * 512];
        for (var i = 0; i < pattern.Length; i++)
            pattern[i] = OctetAt(i);
        return pattern;
    }

    private static byte[] MakeBig()
    {
        var big = new byte[1024 * 1024];
        Fill(big, 0);
        return big;
    }
}
