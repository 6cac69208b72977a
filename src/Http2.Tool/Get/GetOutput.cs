using System.Text;
using System.Text.Json;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>What <c>http2 get</c> writes: bodies, lines of the trace, lines of JSON. Thread-safe: each is written as a whole.</summary>
/// <param name="standardOutput">Where it goes.</param>
/// <param name="options">What is wanted.</param>
internal sealed class GetOutput(Stream standardOutput, GetOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stream _output = new BufferedStream(standardOutput, 64 * 1024);

    /// <summary>Whether lines are JSON.</summary>
    public bool IsJson => options.IsJson;

    /// <summary>Reads the body of a response and writes it where it is wanted.</summary>
    public async Task WriteBodyAsync(Http2ClientStream stream, Uri url, CancellationToken cancellation)
    {
        await using var body = stream.BodyStream;
        if (options.SavesBodies)
        {
            await SaveAsync(body, url, cancellation);
            return;
        }
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (options is { DiscardsBodies: false, IsJson: false })
                Write(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Writes what is to be said of a response that has come.</summary>
    public void WriteResponse(Uri url, Http2ClientStream stream, Http2ResponseHead head, TimeSpan took)
    {
        if (!options.IsJson)
            return;
        WriteLine(JsonLine(json =>
        {
            json.WriteString("url", url.ToString());
            json.WriteNumber("stream", stream.StreamId.Value);
            json.WriteNumber("status", head.Status);
            json.WriteNumber("milliseconds", Math.Round(took.TotalMilliseconds, 3));
            WriteFields(json, "headers", head.Headers);
            WriteFields(json, "trailers", stream.Trailers);
        }));
    }

    /// <summary>Writes the round trip of a PING.</summary>
    public void WritePing(TimeSpan took) => WriteLine(options.IsJson
        ? JsonLine(json => json.WriteNumber("ping", Math.Round(took.TotalMilliseconds, 3)))
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PING: {took.TotalMilliseconds:0.000} ms"));

    /// <summary>Writes a line.</summary>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>One object of JSON as a line.</summary>
    public static string JsonLine(Action<Utf8JsonWriter> write)
    {
        using var octets = new MemoryStream();
        using (var json = new Utf8JsonWriter(octets))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(octets.ToArray());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _output.Flush();
    }

    private static void WriteFields(Utf8JsonWriter json, string name, Http2Headers fields)
    {
        json.WriteStartArray(name);
        foreach (var field in fields)
        {
            json.WriteStartArray();
            json.WriteStringValue(field.Name.ToString());
            json.WriteStringValue(field.Value.ToString());
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static async Task SaveAsync(Stream body, Uri url, CancellationToken cancellation)
    {
        var name = Path.GetFileName(Uri.UnescapeDataString(url.AbsolutePath));
        if (name is "" or "." or "..")
            name = "index.html";
        var octets = new MemoryStream();
        await body.CopyToAsync(octets, cancellation);
        try
        {
            OutputFile.Write(name, file => octets.WriteTo(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option --remote-name: cannot write '{name}': {failure.Message.TrimEnd('.')}");
        }
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        lock (_gate)
            _output.Write(octets);
    }
}
