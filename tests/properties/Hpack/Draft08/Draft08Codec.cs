using Hpack.Pure;
using Xunit;
using Xunit.Sdk;

namespace Http2.Properties.Draft08;

/// <summary>Shorthands for tests that expect a draft-08 block to be sound, or not.</summary>
internal static class Draft08Codec
{
    public static Draft08Decoded Decode(Draft08DecoderState state, Octets block)
    {
        var sound = Draft08Decoder.Decode(state, block).Match(
            decoded => decoded, error => throw new XunitException($"{error} in {block.ToHex()}"));
        Assert.True(Draft08Decoder.TryDecode(state, block, out var tried, out var none));
        Assert.True(none.IsNone);
        Assert.Equal(sound.State, tried.State);
        Assert.Equal(sound.Fields.AsEnumerable(), tried.Fields);
        return sound;
    }

    public static Draft08Decoded Decode(Draft08DecoderState state, string hex) => Decode(state, Octets.FromHex(hex));

    public static HpackError Error(Draft08DecoderState state, string hex) =>
        Draft08Decoder.Decode(state, Octets.FromHex(hex)).Match(_ => default, error => error);

    /// <summary>The fields as lines in an order that does not matter, as draft 08 compresses sets.</summary>
    public static string[] Sorted(IEnumerable<HeaderField> fields) =>
        [.. fields.Select(field => $"{field.Name.ToHex()}:{field.Value.ToHex()}").Order(StringComparer.Ordinal)];

    /// <summary>The table as lines <c>[i] (s=N) (r=y|n) name: value</c>.</summary>
    public static string[] Lines(Draft08DecoderState state) =>
        [.. state.Table.Select((field, i) => $"[{i + 1}] (s={field.Size}) (r={(state.ReferenceSet[i] ? 'y' : 'n')}) {field}")];
}
