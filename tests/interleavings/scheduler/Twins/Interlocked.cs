namespace Http2.Interleavings.Twins;

/// <summary>Stands in for <see cref="System.Threading.Interlocked"/>: another strand may go on before each operation.</summary>
public static class Interlocked
{
    public static int Exchange(ref int place, int value) => Swap(ref place, value);

    public static long Exchange(ref long place, long value) => Swap(ref place, value);

    public static byte Exchange(ref byte place, byte value) => Swap(ref place, value);

    public static object? Exchange(ref object? place, object? value) => Swap(ref place, value);

    public static T Exchange<T>(ref T place, T value) => Swap(ref place, value);

    public static int CompareExchange(ref int place, int value, int comparand) => SwapIf(ref place, value, comparand);

    public static long CompareExchange(ref long place, long value, long comparand) => SwapIf(ref place, value, comparand);

    public static byte CompareExchange(ref byte place, byte value, byte comparand) => SwapIf(ref place, value, comparand);

    public static object? CompareExchange(ref object? place, object? value, object? comparand) =>
        CompareExchange<object?>(ref place, value, comparand);

    public static T CompareExchange<T>(ref T place, T value, T comparand)
    {
        Step.Now();
        var before = place;
        var isSame = typeof(T).IsValueType ? EqualityComparer<T>.Default.Equals(before, comparand) : ReferenceEquals(before, comparand);
        if (isSame)
            place = value;
        Step.Tell("CompareExchange", before, comparand, value);
        return before;
    }

    public static int Or(ref int place, int value)
    {
        Step.Now();
        var before = place;
        place = before | value;
        Step.Tell("Or", before, value);
        return before;
    }

    public static int And(ref int place, int value)
    {
        Step.Now();
        var before = place;
        place = before & value;
        Step.Tell("And", before, value);
        return before;
    }

    public static int Add(ref int place, int value)
    {
        Step.Now();
        place += value;
        Step.Tell("Add", place - value, value);
        return place;
    }

    public static long Add(ref long place, long value)
    {
        Step.Now();
        place += value;
        Step.Tell("Add", place - value, value);
        return place;
    }

    public static int Increment(ref int place) => Add(ref place, 1);

    public static long Increment(ref long place) => Add(ref place, 1);

    public static int Decrement(ref int place) => Add(ref place, -1);

    public static long Decrement(ref long place) => Add(ref place, -1);

    public static long Read(ref readonly long place) => Volatile.Read(in place);

    public static void MemoryBarrier()
    {
        // strands see what others have written in any case; see Volatile
    }

    private static T Swap<T>(ref T place, T value)
    {
        Step.Now();
        var before = place;
        place = value;
        Step.Tell("Exchange", before, value);
        return before;
    }

    private static T SwapIf<T>(ref T place, T value, T comparand)
        where T : IEquatable<T>
    {
        Step.Now();
        var before = place;
        if (before.Equals(comparand))
            place = value;
        Step.Tell("CompareExchange", before, comparand, value);
        return before;
    }
}
