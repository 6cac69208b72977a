using System.Globalization;

namespace Http2.Tool;

/// <summary>Sizes and times as people write them: <c>10K</c>, <c>500ms</c>.</summary>
internal static class Units
{
    private const long Nanosecond = 1, Microsecond = 1000 * Nanosecond, Millisecond = 1000 * Microsecond, Second = 1000 * Millisecond;

    /// <summary>Reads a whole number with an optional unit: K, M or G, powers of 1,024.</summary>
    public static bool TryParseSize(string text, out long size)
    {
        var factor = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 1L << 10,
            'M' => 1L << 20,
            'G' => 1L << 30,
            _ => 1,
        };
        var digits = factor == 1 ? text : text[..^1];
        size = 0;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue / factor)
            return false;
        size = number * factor;
        return true;
    }

    /// <summary>Reads a number with an optional unit: h, m, s or ms; without one it is seconds.</summary>
    public static bool TryParseTime(string text, out TimeSpan time)
    {
        time = default;
        var unit = text.Length - text.AsSpan().TrimEnd("hms").Length;
        var seconds = text[^unit..] switch
        {
            "h" => 3600,
            "m" => 60,
            "" or "s" => 1,
            "ms" => 0.001,
            _ => 0,
        };
        if (seconds == 0 || !double.TryParse(text[..^unit], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || !(number * seconds <= TimeSpan.FromDays(365).TotalSeconds))
        {
            return false;
        }
        time = TimeSpan.FromSeconds(number * seconds);
        return true;
    }

    /// <summary>A time with three digits and a unit, for example <c>1.24 ms</c>.</summary>
    /// <param name="nanoseconds">The time.</param>
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        >= Second => $"{Digits(nanoseconds / Second)} s",
        >= Millisecond => $"{Digits(nanoseconds / Millisecond)} ms",
        >= Microsecond => $"{Digits(nanoseconds / Microsecond)} us",
        _ => $"{Digits(nanoseconds)} ns",
    };

    /// <summary>A number of octets with three digits and a unit, for example <c>1.24 MiB</c>.</summary>
    public static string Size(double octets) => octets switch
    {
        >= 1L << 30 => $"{Digits(octets / (1L << 30))} GiB",
        >= 1 << 20 => $"{Digits(octets / (1 << 20))} MiB",
        >= 1 << 10 => $"{Digits(octets / (1 << 10))} KiB",
        _ => $"{octets:0} B",
    };

    /// <summary>A whole number with commas.</summary>
    public static string Count(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Digits(double number) =>
        number.ToString(number < 9.995 ? "0.00" : number < 99.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
