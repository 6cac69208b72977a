using System.Collections.Immutable;
using System.Text;

namespace Hpack.Pure;

/// <summary>
/// The header table of draft 08 with its reference set (draft 08 §3.2, §3.3): a window over the append-only log that successive tables
/// share, and which of its entries are referenced. Immutable, equal by content.
/// </summary>
internal sealed class Draft08Table : IEquatable<Draft08Table>
{
    /// <summary>Makes a table, on a log that is no larger than its limit allows.</summary>
    /// <param name="window">The entries.</param>
    /// <param name="maxSize">The most that the sum of their sizes may be.</param>
    /// <param name="referenced">Whether each entry is in the reference set, oldest first; empty when none is. The table's from now on.</param>
    public Draft08Table(in TableWindow window, int maxSize, bool[] referenced)
    {
        Window = window.Fit(maxSize);
        MaxSize = maxSize;
        Referenced = referenced;
    }

    /// <summary>The entries.</summary>
    public TableWindow Window { get; }

    /// <summary>The most that the sum of their sizes may be, in octets.</summary>
    public int MaxSize { get; }

    /// <summary>Whether each entry is in the reference set, oldest first; empty when none is.</summary>
    public bool[] Referenced { get; }

    /// <summary>How many entries there are.</summary>
    public int Count => Window.Count;

    /// <summary>The table without its references, newest entry first.</summary>
    public DynamicTable View => new(Window, MaxSize);

    /// <summary>Whether each entry is in the reference set, oldest first.</summary>
    public bool[] ReferencesOldestFirst => Referenced.Length == 0 ? new bool[Count] : Referenced;

    /// <summary>Whether each entry is in the reference set, newest first.</summary>
    public ImmutableArray<bool> ReferencesNewestFirst => [.. ReferencesOldestFirst.Reverse()];

    /// <summary>An empty table.</summary>
    public static Draft08Table Create(int maxSize) => new(TableWindow.Empty, maxSize, []);

    /// <summary>The table with another limit: the oldest entries go, and their references (draft 08 §5.2).</summary>
    public Draft08Table Resize(int maxSize)
    {
        var window = Window.Evict(maxSize);
        var referenced = Referenced.Length == 0 ? [] : Referenced[(window.Head - Window.Head)..];
        return new Draft08Table(window, maxSize, referenced.Contains(true) ? referenced : []);
    }

    public bool Equals(Draft08Table? other) =>
        other is not null && View == other.View && Referenced.AsSpan().SequenceEqual(other.Referenced);

    public override bool Equals(object? obj) => Equals(obj as Draft08Table);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(View);
        foreach (var referenced in Referenced)
            hash.Add(referenced);
        return hash.ToHashCode();
    }

    public override string ToString()
    {
        var (view, references) = (View, ReferencesNewestFirst);
        var text = new StringBuilder($"{Count} entries, {Window.Size} of {MaxSize} octets");
        for (var i = 0; i < Count; i++)
            text.Append($"\n[{i + 1}] (s = {view[i].Size}) (r = {(references[i] ? 'y' : 'n')}) {view[i]}");
        return text.ToString();
    }
}
