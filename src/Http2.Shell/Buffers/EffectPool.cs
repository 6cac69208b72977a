using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Lends the buffers that transitions write to. An owner holds one only while it runs, so an idle connection has none; each thread keeps
/// one ready. Nested owners on one thread (transports that complete inline) simply get another. Output in flight returns on any thread, so
/// what a thread has no use for goes to a shelf that all threads share: thrown away, large bodies would cost a large array for every write.
/// </summary>
internal static class EffectPool
{
    // Buffers that one big batch has blown up are not kept.
    private const int LargestKept = 256 * 1024;

    // Sends that wait for their peers at the same time beyond this many allocate.
    private const int ShelfSize = 64;

    private static readonly OutputBuffer?[] Shelf = new OutputBuffer?[ShelfSize];

    [ThreadStatic]
    private static Effects? t_effects;

    [ThreadStatic]
    private static OutputBuffer? t_output;

    public static Effects Rent()
    {
        var effects = t_effects;
        t_effects = null;
        return effects ?? new Effects { Output = RentOutput() };
    }

    public static void Return(Effects effects)
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
        return output ?? TakeFromShelf() ?? new OutputBuffer(16 * 1024);
    }

    public static void ReturnOutput(OutputBuffer output)
    {
        output.Truncate(0);
        if (Capacity(output) > LargestKept)
            return;
        if (t_output is null)
            t_output = output;
        else
            PutOnShelf(output);
    }

    /// <summary>Gives up what lies on the shelf.</summary>
    public static void Empty()
    {
        while (TakeFromShelf() is not null)
        {
        }
    }

    /// <summary>How much memory a buffer takes.</summary>
    public static int Capacity(OutputBuffer output) => output.Length + output.GetMemory().Length;

    private static OutputBuffer? TakeFromShelf()
    {
        foreach (ref var place in Shelf.AsSpan())
        {
            if (Volatile.Read(ref place) is not null && Interlocked.Exchange(ref place, null) is { } output)
                return output;
        }
        return null;
    }

    private static void PutOnShelf(OutputBuffer output)
    {
        foreach (ref var place in Shelf.AsSpan())
        {
            if (Volatile.Read(ref place) is null && Interlocked.CompareExchange(ref place, output, null) is null)
                return;
        }
    }
}
