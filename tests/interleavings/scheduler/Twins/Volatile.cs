namespace Http2.Interleavings.Twins;

/// <summary>Stands in for <see cref="System.Threading.Volatile"/>: another strand may go on before each read and write.</summary>
public static class Volatile
{
    public static int Read(ref readonly int place) => Get(in place);

    public static long Read(ref readonly long place) => Get(in place);

    public static byte Read(ref readonly byte place) => Get(in place);

    public static bool Read(ref readonly bool place) => Get(in place);

    public static T Read<T>(ref readonly T place)
        where T : class? => Get(in place);

    public static void Write(ref int place, int value) => Set(ref place, value);

    public static void Write(ref long place, long value) => Set(ref place, value);

    public static void Write(ref byte place, byte value) => Set(ref place, value);

    public static void Write(ref bool place, bool value) => Set(ref place, value);

    public static void Write<T>(ref T place, T value)
        where T : class? => Set(ref place, value);

    private static T Get<T>(ref readonly T place)
    {
        Step.Now();
        Step.Tell("Read", place);
        return place;
    }

    private static void Set<T>(ref T place, T value)
    {
        Step.Now();
        Step.Tell("Write", place, value);
        place = value;
    }
}
