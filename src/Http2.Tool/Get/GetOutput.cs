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
    public async Task WriteBodyAsync(Visit visit, CancellationToken cancellation)
    {
        await using var body = visit.Stream.BodyStream;
        var kept = options.HarPath is null ? null : new MemoryStream();
        var saved = options.Bodies == BodyUse.Saved ? new MemoryStream() : null;
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            visit.Octets += read;
            if (visit.Octets <= HarLog.MostBody)
                kept?.Write(buffer, 0, read);
            saved?.Write(buffer, 0, read);
            if (options is { Bodies: BodyUse.Written, IsJson: false })
                Write(buffer.AsSpan(0, read));
        }
        visit.Body = kept?.ToArray() ?? [];
        if (saved is not null)
            Save(saved, visit.Url);
    }

    /// <summary>Writes what is to be said of a response that has come.</summary>
    public void WriteResponse(Visit visit)
    {
        if (!options.IsJson)
            return;
        WriteLine(JsonLine(json =>
        {
            json.WriteString("url", visit.Url.ToString());
            json.WriteNumber("stream", visit.Stream.StreamId.Value);
            if (visit.Stream.IsPushed)
                json.WriteBoolean("pushed", true);
            json.WriteNumber("status", visit.Head!.Status);
            json.WriteNumber("octets", visit.Octets);
            json.WriteNumber("milliseconds", Math.Round(visit.Took.TotalMilliseconds, 3));
            WriteFields(json, "headers", visit.Head.Headers);
            WriteFields(json, "trailers", visit.Stream.Trailers);
        }));
    }

    /// <summary>Writes the round trip of a PING.</summary>
    public void WritePing(TimeSpan took) => WriteLine(options.IsJson
        ? JsonLine(json => json.WriteNumber("ping", Math.Round(took.TotalMilliseconds, 3)))
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PING: {took.TotalMilliseconds:0.000} ms"));

    /// <summary>Writes a line.</summary>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes octets as they are.</summary>
    public void Write(ReadOnlySpan<byte> octets)
    {
        lock (_gate)
            _output.Write(octets);
    }

    /// <summary>Has what was written go out now.</summary>
    public void Flush()
    {
        lock (_gate)
            _output.Flush();
    }

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

    private static void Save(MemoryStream octets, Uri url)
    {
        var name = Path.GetFileName(Uri.UnescapeDataString(url.AbsolutePath));
        if (name is "" or "." or "..")
            name = "index.html";
        try
        {
            OutputFile.Write(name, octets.WriteTo);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"option --remote-name: cannot write '{name}': {failure.Message.TrimEnd('.')}");
        }
    }
}
