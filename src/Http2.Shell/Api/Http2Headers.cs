using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// A list of header or trailer fields in order, without pseudo-fields. Immutable, thread-safe. Written as a list of pairs:
/// <c>[("content-type", "text/plain")]</c>. Names are put in lower case, as HTTP/2 wants them (RFC 9113 §8.2.1). Keep and reuse lists that
/// are sent often: what the encoder needs to know of a field is computed once.
/// </summary>
[CollectionBuilder(typeof(Http2Headers), nameof(Create))]
public sealed class Http2Headers : IReadOnlyList<HeaderField>
{
    private readonly FieldList _received;
    private readonly int _first;
    private ImmutableArray<HeaderField> _fields;
    private OutboundPlan? _plan;

    private Http2Headers(ImmutableArray<HeaderField> fields)
    {
        _fields = fields;
        Count = fields.Length;
    }

    /// <summary>What was received, seen from the first field that is not a pseudo-field; nothing is copied until asked for.</summary>
    internal Http2Headers(FieldList received, int first)
    {
        _received = received;
        _first = first;
        Count = received.Count - first;
    }

    /// <summary>No fields.</summary>
    public static Http2Headers Empty { get; } = new([]);

    /// <summary>How many fields there are.</summary>
    public int Count { get; }

    /// <summary>The fields as values of their own.</summary>
    public ImmutableArray<HeaderField> Fields => _fields.IsDefault ? Materialise() : _fields;

    /// <summary>The field at <paramref name="index"/>.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public HeaderField this[int index] => Fields[index];

    /// <summary>
    /// The first value of <paramref name="name"/>, read as UTF-8, or null when there is none. Cookie crumbs come joined (RFC 9113 §8.2.3).
    /// </summary>
    /// <param name="name">The name, in any case.</param>
    public string? this[string name] => TryGet(name, out var value) ? value : null;

    /// <summary>Makes a list of fields.</summary>
    /// <param name="fields">Names and values; upper case letters in names are put in lower case.</param>
    /// <exception cref="ArgumentException">A field may not be sent in HTTP/2 (RFC 9113 §8.2).</exception>
    public static Http2Headers Create(params ReadOnlySpan<HeaderField> fields)
    {
        if (fields.IsEmpty)
            return Empty;
        var builder = ImmutableArray.CreateBuilder<HeaderField>(fields.Length);
        foreach (var field in fields)
            builder.Add(OutboundFields.Normalise(field));
        return new Http2Headers(builder.MoveToImmutable());
    }

    /// <summary>Makes a list of name and value pairs, encoded as UTF-8.</summary>
    /// <param name="fields">Names and values.</param>
    /// <exception cref="ArgumentException">A field may not be sent in HTTP/2 (RFC 9113 §8.2).</exception>
    /// <exception cref="ArgumentNullException">The list, or a name or value in it, is null.</exception>
    public static Http2Headers Of(IEnumerable<(string Name, string Value)> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Create([.. fields.Select(f => (HeaderField)f)]);
    }

    /// <summary>Makes a list of name and value pairs, encoded as UTF-8.</summary>
    /// <param name="fields">Names and values.</param>
    /// <exception cref="ArgumentException">A field may not be sent in HTTP/2 (RFC 9113 §8.2).</exception>
    /// <exception cref="ArgumentNullException">The list, or a name or value in it, is null.</exception>
    public static Http2Headers Of(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        return Create([.. fields.Select(f => (HeaderField)(f.Key, f.Value))]);
    }

    /// <summary>This list and one field more.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The field may not be sent in HTTP/2 (RFC 9113 §8.2).</exception>
    public Http2Headers Add(string name, string value) => new(Fields.Add(OutboundFields.Normalise((name, value))));

    /// <summary>
    /// This list with <paramref name="value"/> as the only value of <paramref name="name"/>: the first field of that name gets the value and
    /// its others are left out; where there is none, the field stands at the end. A field that no table may hold (RFC 7541 §7.1.3) stays one.
    /// </summary>
    /// <param name="name">The field's name, in any case.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The field may not be sent in HTTP/2 (RFC 9113 §8.2).</exception>
    public Http2Headers With(string name, string value)
    {
        var field = OutboundFields.Normalise((name, value));
        var at = IndexOf(name, 0);
        if (at < 0)
            return new(Fields.Add(field));
        if (Fields[at].NeverIndexed)
            field = new HeaderField(field.Name, field.Value, neverIndexed: true);
        return new([.. Fields[..at], field, .. Fields[(at + 1)..].Where(other => other.Name != field.Name)]);
    }

    /// <summary>This list without the fields of <paramref name="name"/>; the list itself when there are none.</summary>
    /// <param name="name">The name, in any case.</param>
    public Http2Headers Without(string name)
    {
        if (IndexOf(name, 0) < 0)
            return this;
        Http2Headers rest = new([.. Fields.Where(field => !Ascii.EqualsIgnoreCase(field.Name.Span, name))]);
        return rest.Count == 0 ? Empty : rest;
    }

    /// <summary>This list and behind it all fields of another one; what both name is there twice.</summary>
    /// <param name="other">The fields to add.</param>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public Http2Headers Concat(Http2Headers other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Count == 0 ? other : other.Count == 0 ? this : new(Fields.AddRange(other.Fields));
    }

    /// <summary>Whether a field of this name is there.</summary>
    /// <param name="name">The name, in any case.</param>
    public bool Contains(string name) => IndexOf(name, 0) >= 0;

    /// <summary>Looks up the first value of a name, read as UTF-8. Cookie crumbs come joined by <c>; </c> (RFC 9113 §8.2.3).</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="value">The value, or null when there is none.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        var index = IndexOf(name, 0);
        if (index < 0)
        {
            value = null;
            return false;
        }
        value = Encoding.UTF8.GetString(ValueAt(index));
        if (name.Equals("cookie", StringComparison.OrdinalIgnoreCase))
            value = JoinCrumbs(value, name, index);
        return true;
    }

    /// <summary>Looks up the first value of a name as octets.</summary>
    /// <param name="name">The name, in any case.</param>
    /// <param name="value">The value, or nothing when there is none.</param>
    /// <returns>Whether it is there.</returns>
    public bool TryGetOctets(string name, out Octets value)
    {
        var index = IndexOf(name, 0);
        value = index < 0 ? default : _fields.IsDefault ? new Octets(_received.ValueMemory(_first + index)) : _fields[index].Value;
        return index >= 0;
    }

    /// <summary>All values of a name, in order, read as UTF-8.</summary>
    /// <param name="name">The name, in any case.</param>
    public IReadOnlyList<string> GetValues(string name)
    {
        List<string>? values = null;
        for (var i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
            (values ??= []).Add(Encoding.UTF8.GetString(ValueAt(i)));
        return values is null ? [] : values;
    }

    /// <summary>How to send these fields from a server that adds <paramref name="server"/> to each response.</summary>
    internal OutboundPlan Plan(HeaderField? server)
    {
        var plan = _plan;
        if (plan is not null && ReferenceEquals(plan.Server, server))
            return plan;
        return _plan = OutboundPlan.Of(Fields, server);
    }

    /// <inheritdoc/>
    public IEnumerator<HeaderField> GetEnumerator() => ((IEnumerable<HeaderField>)Fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The fields, one a line, as <c>name: value</c>.</summary>
    public override string ToString() => string.Join('\n', Fields);

    private ReadOnlySpan<byte> ValueAt(int index) => _fields.IsDefault ? _received[_first + index].Value : _fields[index].Value.Span;

    private int IndexOf(string name, int from)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = from; i < Count; i++)
        {
            var candidate = _fields.IsDefault ? _received[_first + i].Name : _fields[i].Name.Span;
            if (Ascii.EqualsIgnoreCase(candidate, name))
                return i;
        }
        return -1;
    }

    // RFC 9113 §8.2.3: crumbs are one header line once they leave HTTP/2.
    private string JoinCrumbs(string first, string name, int index)
    {
        var next = IndexOf(name, index + 1);
        if (next < 0)
            return first;
        var joined = new StringBuilder(first);
        for (; next >= 0; next = IndexOf(name, next + 1))
            joined.Append("; ").Append(Encoding.UTF8.GetString(ValueAt(next)));
        return joined.ToString();
    }

    // Racing threads compute equal arrays; whichever is kept is right.
    private ImmutableArray<HeaderField> Materialise()
    {
        var fields = _received.ToFields();
        fields = _first == 0 ? fields : fields[_first..];
        ImmutableInterlocked.InterlockedInitialize(ref _fields, fields);
        return _fields;
    }
}
