namespace Http2.Properties.Differential;

/// <summary>Random table sizes.</summary>
internal static class TableSizes
{
    /// <summary>A table size, at the edges more often than elsewhere.</summary>
    public static int Any(ref Dice dice) =>
        dice.Of(0, 1, 31, 32, 33, 64, 100, 500, 1365, 4095, 4096, 4097, 8192, 20_000, dice.Below(10_000));
}
