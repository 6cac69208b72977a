using System.Collections.Immutable;
using System.Text.Json;

namespace Http2.Conformance;

/// <summary>
/// What a server says that it holds: a JSON object of numbers, such as streams, handlers, buffers and timers, at
/// <see cref="TargetResources.Load"/>. After an attack each of them is what it was before.
/// </summary>
/// <param name="Numbers">The numbers by name.</param>
internal sealed record LoadReading(ImmutableSortedDictionary<string, long> Numbers)
{
    /// <summary>Asks, on a connection of its own.</summary>
    public static async Task<LoadReading> TakeAsync(Probe probe, string path)
    {
        await using var other = probe.Another();
        await other.Handshake().ConfigureAwait(false);
        other.Headers(1, FieldBlock.Of(other.Fields(path: path)), endStream: true);
        var response = await other.Response(1).ConfigureAwait(false);
        if (!response.IsSuccess)
            throw Probe.Fail($"{path} to tell what the server holds", response.ToString());
        return Parse(response.Body, path);
    }

    /// <summary>What is more than it was, in words; null when nothing is.</summary>
    public string? ExcessOver(LoadReading before)
    {
        var more = Numbers.Where(entry => entry.Value > before.Numbers.GetValueOrDefault(entry.Key))
            .Select(entry => $"{entry.Key} {before.Numbers.GetValueOrDefault(entry.Key)} -> {entry.Value}").ToList();
        return more.Count == 0 ? null : string.Join(", ", more);
    }

    private static LoadReading Parse(ReadOnlySpan<byte> body, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            return new(document.RootElement.EnumerateObject().ToImmutableSortedDictionary(
                entry => entry.Name, entry => entry.Value.GetInt64(), StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw Probe.Fail($"{path} to be a JSON object of numbers", exception.Message);
        }
    }
}
