using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Lends the buffers that transitions write to. An owner holds one only while it runs, so an idle connection has none; each thread keeps
/// one ready. Nested owners on one thread (transports that complete inline) simply get another.
/// </summary>
internal static class EffectPool
{
    // Buffers that one big batch has blown up are not kept.
    private const int LargestKept = 256 * 1024;

    [ThreadStatic]
    private static EffectBuffer? t_effects;

    [ThreadStatic]
    private static OutputBuffer? t_output;

    public static EffectBuffer Rent()
    {
        var effects = t_effects;
        t_effects = null;
        return effects ?? new EffectBuffer { Output = RentOutput() };
    }

    public static void Return(EffectBuffer effects)
    {
        effects.Events.Clear();
        if (Capacity(effects.Output) > LargestKept)
            effects.Output = RentOutput();
        effects.Output.Truncate(0);
        t_effects = effects;
    }

    public static OutputBuffer RentOutput()
    {
        var output = t_output;
        t_output = null;
        return output ?? new OutputBuffer(16 * 1024);
    }

    public static void ReturnOutput(OutputBuffer output)
    {
        output.Truncate(0);
        if (Capacity(output) <= LargestKept)
            t_output = output;
    }

    private static int Capacity(OutputBuffer output) => output.Length + output.GetMemory().Length;
}
