using Hpack.Pure;

namespace Http2.Pure;

/// <summary>The payload of a frame of a type that this library does not know (RFC 9113 §5.5).</summary>
/// <param name="Body">All its octets, a slice of the input.</param>
public readonly record struct UnknownPayload(Octets Body) : IFramePayload
{
    int IFramePayload.Length => Body.Length;

    void IFramePayload.Write(Span<byte> destination) => Body.Span.CopyTo(destination);
}
