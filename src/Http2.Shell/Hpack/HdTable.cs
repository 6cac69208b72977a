using System.Collections;
using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Shell.Hpack;

/// <summary>One entry of a dynamic table.</summary>
/// <param name="Name">The name's octets.</param>
/// <param name="Value">The value's octets.</param>
/// <param name="InReferenceSet">Whether the reference set holds the entry; always false in RFC 7541, which has no reference set.</param>
public sealed record HdTableEntry(Octets Name, Octets Value, bool InReferenceSet)
{
    /// <summary>What the entry occupies in the table, in octets: both lengths and 32 (RFC 7541 §4.1).</summary>
    public int Size => Name.Length + Value.Length + 32;
}

/// <summary>
/// A dynamic table as it was when <see cref="HdDeflater.GetHdTable"/> or <see cref="HdInflater.GetHdTable"/> was called: a copy that later
/// blocks do not change. Entries come newest first, which is the order of their indices. Immutable, thread-safe.
/// </summary>
public sealed class HdTable : IReadOnlyList<HdTableEntry>
{
    private readonly ImmutableArray<HdTableEntry> _entries;

    private HdTable(ImmutableArray<HdTableEntry> entries, int size, int maxSize)
    {
        _entries = entries;
        Size = size;
        MaxSize = maxSize;
    }

    /// <summary>How many entries the table holds.</summary>
    public int Count => _entries.Length;

    /// <summary>The sum of the entries' sizes, in octets (RFC 7541 §4.1).</summary>
    public int Size { get; }

    /// <summary>The most the entries may sum to at present, in octets (RFC 7541 §4.2).</summary>
    public int MaxSize { get; }

    /// <summary>The entry at <paramref name="index"/>, the newest at 0.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public HdTableEntry this[int index] => _entries[index];

    /// <summary>Copies a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="references">Whether the reference set holds each entry; empty when there is no such set.</param>
    internal static HdTable Copy(DynamicTable table, ImmutableArray<bool> references)
    {
        var entries = table.Select((field, i) => new HdTableEntry(field.Name, field.Value, !references.IsEmpty && references[i]));
        return new HdTable([.. entries], table.Size, table.MaxSize);
    }

    /// <summary>
    /// Writes a line <c>[i] (s=N) (r=y|n) name: value</c> for each entry: i counts from 1 at the newest, N is the entry's size in octets,
    /// and r=y says that the entry is in the reference set. Octets that are not printable UTF-8 show as <c>\xNN</c>.
    /// </summary>
    /// <param name="writer">Where to write; standard output when null.</param>
    public void Print(TextWriter? writer = null)
    {
        writer ??= Console.Out;
        for (var i = 0; i < Count; i++)
        {
            var entry = this[i];
            var reference = entry.InReferenceSet ? 'y' : 'n';
            writer.WriteLine($"[{i + 1}] (s={entry.Size}) (r={reference}) {OctetText.Show(entry.Name)}: {OctetText.Show(entry.Value)}");
        }
    }

    /// <summary>The lines of <see cref="Print"/>.</summary>
    public override string ToString()
    {
        using var writer = new StringWriter();
        Print(writer);
        return writer.ToString();
    }

    /// <inheritdoc/>
    public IEnumerator<HdTableEntry> GetEnumerator() => ((IEnumerable<HdTableEntry>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
