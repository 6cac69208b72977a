using System.Buffers.Binary;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>What the attacks share: frames written without allocation, and how the end of a flood is judged.</summary>
internal static class Attack
{
    /// <summary>The streams' identifiers in order: 1, 3, 5.</summary>
    public static uint Stream(int number) => ((uint)number * 2) + 1;

    public static void Frame(OutputBuffer output, FrameType type, FrameFlags flags, uint streamId, params ReadOnlySpan<byte> payload)
    {
        var span = output.GetSpan(WireFrame.HeaderLength + payload.Length);
        BinaryPrimitives.WriteUInt32BigEndian(span, (uint)payload.Length << 8);
        span[3] = (byte)type;
        span[4] = (byte)flags;
        BinaryPrimitives.WriteUInt32BigEndian(span[5..], streamId);
        payload.CopyTo(span[WireFrame.HeaderLength..]);
        output.Advance(WireFrame.HeaderLength + payload.Length);
    }

    public static void Request(OutputBuffer output, uint streamId, ReadOnlySpan<byte> block, bool endStream = true) =>
        Frame(output, FrameType.Headers, FrameFlags.EndHeaders | (endStream ? FrameFlags.EndStream : 0), streamId, block);

    public static void Reset(OutputBuffer output, uint streamId) => Frame(output, FrameType.RstStream, 0, streamId, 0, 0, 0, 8);

    /// <summary>The server must have ended the connection. In a strict run it must have sent GOAWAY with one of the codes.</summary>
    public static void Ended(Probe p, Flooded flooded, params ErrorCode[] codes)
    {
        var expected = string.Join(" or ", codes.Select(code => $"GOAWAY with {FrameLine.Name(code)}"));
        if (!flooded.Ended)
            throw Probe.Fail(p.Options.Strict ? expected : "the connection to be ended", flooded.ToString());
        if (p.Options.Strict && (flooded.GoAway is not { } code || Array.IndexOf(codes, code) < 0))
            throw Probe.Fail(expected, flooded.ToString());
    }

    /// <summary>
    /// The server ended the flood, or it bore the flood; then the CPU gate of <see cref="Guard.IgnorableMillions"/> judges what it cost.
    /// </summary>
    public static void EndedOrBorne(Probe p, Guard guard, Flooded flooded, params ErrorCode[] codes) =>
        EndedOrBorne(p, guard, flooded, 1, codes);

    /// <summary>As above, for units that each may cost as much as <paramref name="weight"/> frames without meaning.</summary>
    public static void EndedOrBorne(Probe p, Guard guard, Flooded flooded, int weight, params ErrorCode[] codes)
    {
        guard.IgnorableMillions = flooded.Sent * weight / 1e6;
        if (p.Options.Strict || flooded.Ended)
            Ended(p, flooded, codes);
    }

    /// <summary>How many frames without meaning a request that is reset at once may cost.</summary>
    public const int RequestWeight = 20;

    /// <summary>Makes a case: a handshake and the attack, with the gates of <see cref="Guard"/> around both.</summary>
    public static Func<Probe, Task> Of(Func<Probe, Guard, Task> attack, params Setting[] settings) => p => Guard.Against(p, async guard =>
    {
        await p.Handshake(settings);
        await p.ExpectTolerated();
        await attack(p, guard);
    });
}
