using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Frames;

/// <summary>What a parse has to give.</summary>
internal static class Expect
{
    public static FrameRead.Complete Complete(Octets octets) =>
        Pure.Frames.Parse(octets, FrameLimits.Default).Match(
            Right: Assert.IsType<FrameRead.Complete>,
            Left: fault => throw new Xunit.Sdk.XunitException($"{octets.ToHex()} is a fault: {fault}"));

    public static FrameRead.Complete Complete(string hex) => Complete(Hex(hex));

    public static FrameRead.Incomplete Incomplete(Octets octets) =>
        Pure.Frames.Parse(octets, FrameLimits.Default).Match(
            Right: Assert.IsType<FrameRead.Incomplete>,
            Left: fault => throw new Xunit.Sdk.XunitException($"{octets.ToHex()} is a fault: {fault}"));

    public static Fault Fault(Octets octets) =>
        Pure.Frames.Parse(octets, FrameLimits.Default).Match(
            Right: read => throw new Xunit.Sdk.XunitException($"{octets.ToHex()} is no fault: {read}"),
            Left: fault => fault);

    public static Fault Fault(string hex) => Fault(Hex(hex));

    public static Octets Hex(string hex) => Octets.FromHex(hex.Replace(" ", "", StringComparison.Ordinal));
}
