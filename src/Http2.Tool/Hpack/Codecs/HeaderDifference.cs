using Hpack.Pure;
using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary>Says how a decoded header list differs from the one a story holds.</summary>
internal static class HeaderDifference
{
    /// <summary>The first difference, or null when there is none.</summary>
    /// <param name="wanted">What the story holds.</param>
    /// <param name="got">What the block decoded to.</param>
    /// <param name="dialect">
    /// The dialect of the block. RFC 7541 keeps the order of fields (its §3.2). Draft 08 does not, so there the order is not compared.
    /// </param>
    public static string? Find(IReadOnlyList<HeaderField> wanted, IReadOnlyList<HeaderField> got, HpackDialect dialect) =>
        dialect == HpackDialect.Draft08 ? FindUnordered(wanted, got) : FindOrdered(wanted, got);

    private static string? FindOrdered(IReadOnlyList<HeaderField> wanted, IReadOnlyList<HeaderField> got)
    {
        for (var i = 0; i < Math.Min(wanted.Count, got.Count); i++)
        {
            if (!Same(wanted[i], got[i]))
                return $"header {i}: the file has {Show(wanted[i])}, the block {Show(got[i])}";
        }
        return wanted.Count == got.Count ? null : $"the file has {wanted.Count} headers, the block {got.Count}";
    }

    private static string? FindUnordered(IReadOnlyList<HeaderField> wanted, IReadOnlyList<HeaderField> got)
    {
        var balance = new Dictionary<(Octets Name, Octets Value), int>();
        foreach (var field in wanted)
            balance[(field.Name, field.Value)] = balance.GetValueOrDefault((field.Name, field.Value)) + 1;
        foreach (var field in got)
        {
            var left = balance.GetValueOrDefault((field.Name, field.Value)) - 1;
            if (left < 0)
                return $"the block has {Show(field)}, the file lacks it";
            balance[(field.Name, field.Value)] = left;
        }
        var lost = wanted.FirstOrDefault(field => balance[(field.Name, field.Value)] > 0);
        return lost is null ? null : $"the file has {Show(lost)}, the block lacks it";
    }

    // A story does not say which fields were never indexed, so this mark is not compared.
    private static bool Same(HeaderField one, HeaderField other) => one.Name == other.Name && one.Value == other.Value;

    private static string Show(HeaderField field) => $"'{OctetText.Show(field.Name)}: {OctetText.Show(field.Value)}'";
}
