using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Shorthands for tests that expect a block to be sound, or not.</summary>
internal static class Codec
{
    public static Decoded Decode(DecoderState state, Octets block) =>
        HpackDecoder.Decode(state, block).Match(decoded => decoded, error => throw new Xunit.Sdk.XunitException($"{error} in {block.ToHex()}"));

    public static Decoded Decode(DecoderState state, byte[] block) => Decode(state, new Octets(block));

    public static HpackError Error(DecoderState state, Octets block) =>
        HpackDecoder.Decode(state, block).Match(_ => default, error => error);
}
