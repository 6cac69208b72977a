using System.Runtime.InteropServices;

namespace Hpack.Pure;

/// <summary>
/// A header field: a name, a value, and whether it must never be indexed (RFC 7541 §6.2.3). Immutable, thread-safe, equal by content.
/// What the encoder needs to know of a field (hashes, place in the static table) is computed once here, so keep and reuse fields that
/// are sent often.
/// </summary>
public sealed class HeaderField : IEquatable<HeaderField>
{
    /// <summary>
    /// What the rules of HTTP/2 say of this field, kept here by the layer above; 0 means not judged yet. A cache of a pure function of the
    /// name and the value: every thread that computes it writes the same octet. It takes no part in equality.
    /// </summary>
    internal byte Verdict;

    /// <summary>The first static index with this name, 0 when the static table lacks it.</summary>
    internal readonly byte Token;

    /// <summary>The static index with this name and value, or 0.</summary>
    internal readonly byte StaticIndex;

    private readonly bool _neverIndexed;

    // The octets of the value, and right before them those of the name if the static table lacks it.
    private readonly byte[] _octets;
    private readonly int _at;
    private readonly int _ownNameLength;
    private readonly int _valueLength;

    // Hash of the name (high half) and of the field (low half); 0 until asked for, as a decoded field may never be encoded. A cache of a
    // pure function, too: every thread that computes it writes the same 64 bits.
    private ulong _hashes;

    /// <summary>Makes a field.</summary>
    /// <param name="name">The name; HTTP/2 wants it in lower case (RFC 9113 §8.2.1), HPACK takes any octets.</param>
    /// <param name="value">The value.</param>
    /// <param name="neverIndexed">Whether no hop may put it into a dynamic table (RFC 7541 §7.1.3).</param>
    public HeaderField(Octets name, Octets value, bool neverIndexed = false)
    {
        var print = Fingerprint.Of(name.Span);
        var hash = print.Hash;
        Token = StaticTable.FindName(name.Span, print, hash);
        _neverIndexed = neverIndexed;
        _ownNameLength = Token == 0 ? name.Length : 0;
        _valueLength = value.Length;
        if (Token != 0 && MemoryMarshal.TryGetArray(value.Memory, out var segment) && segment.Array is not null)
            (_octets, _at) = (segment.Array, segment.Offset);
        else
        {
            _octets = GC.AllocateUninitializedArray<byte>(_ownNameLength + value.Length);
            name.Span[.._ownNameLength].CopyTo(_octets);
            value.Span.CopyTo(_octets.AsSpan(_ownNameLength));
        }
        StaticIndex = Token == 0 ? (byte)0 : StaticTable.FindValue(Token, Fingerprint.Of(value.Span));
        _hashes = Hash(hash);
    }

    /// <summary>A field over octets that are there already.</summary>
    /// <param name="octets">An array that nobody writes to any more.</param>
    /// <param name="at">Where the name starts if the static table lacks it, else the value.</param>
    /// <param name="nameLength">The name's length if the static table lacks it, else 0.</param>
    /// <param name="valueLength">The value's length.</param>
    /// <param name="token">The first static index with this name, or 0.</param>
    /// <param name="neverIndexed">Whether no hop may index it.</param>
    private HeaderField(byte[] octets, int at, int nameLength, int valueLength, byte token, bool neverIndexed)
    {
        (_octets, _at, _ownNameLength, _valueLength) = (octets, at, nameLength, valueLength);
        Token = token;
        _neverIndexed = neverIndexed;
        StaticIndex = token == 0 ? (byte)0 : StaticTable.FindValue(token, Fingerprint.Of(ValueSpan));
    }

    /// <summary>The name's octets.</summary>
    public Octets Name => Token != 0 ? StaticTable.NameOctets(Token) : new(_octets.AsMemory(_at, _ownNameLength));

    /// <summary>The value's octets.</summary>
    public Octets Value => new(_octets.AsMemory(_at + _ownNameLength, _valueLength));

    /// <summary>Whether no hop may put this field into a dynamic table (RFC 7541 §6.2.3).</summary>
    public bool NeverIndexed => _neverIndexed;

    /// <summary>The name.</summary>
    internal ReadOnlySpan<byte> NameSpan => Token != 0 ? StaticTable.Name(Token) : _octets.AsSpan(_at, _ownNameLength);

    /// <summary>The value.</summary>
    internal ReadOnlySpan<byte> ValueSpan => _octets.AsSpan(_at + _ownNameLength, _valueLength);

    /// <summary>What the field counts in a dynamic table and against SETTINGS_MAX_HEADER_LIST_SIZE: both lengths and 32 (RFC 7541 §4.1).</summary>
    public int Size => NameSpan.Length + _valueLength + 32;

    /// <summary>The hash of the name.</summary>
    internal uint NameHash => (uint)(Hashes >> 32);

    /// <summary>The hash of the name and value.</summary>
    internal uint FieldHashCode => (uint)Hashes;

    private ulong Hashes => _hashes != 0 ? _hashes : _hashes = Hash(Fingerprint.Of(NameSpan).Hash);

    /// <summary>A field over copies of <paramref name="name"/> and <paramref name="value"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value.</param>
    /// <param name="token">The first static index with this name, or 0.</param>
    /// <param name="neverIndexed">Whether no hop may index it.</param>
    /// <param name="octets">Where the copies go.</param>
    /// <param name="at">From where; they take the value's length, and the name's if the static table lacks it.</param>
    internal static HeaderField Copy(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token, bool neverIndexed, byte[] octets, int at)
    {
        var nameLength = token == 0 ? name.Length : 0;
        name[..nameLength].CopyTo(octets.AsSpan(at));
        value.CopyTo(octets.AsSpan(at + nameLength));
        return new(octets, at, nameLength, value.Length, token, neverIndexed);
    }

    /// <inheritdoc/>
    public bool Equals(HeaderField? other) =>
        ReferenceEquals(this, other)
        || other is not null && NeverIndexed == other.NeverIndexed && Token == other.Token && NameSpan.SequenceEqual(other.NameSpan)
        && ValueSpan.SequenceEqual(other.ValueSpan);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HeaderField);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value, NeverIndexed);

    /// <summary><c>name: value</c>, read as UTF-8.</summary>
    public override string ToString() => $"{Name}: {Value}";

    /// <summary>Makes a field of two strings, encoded as UTF-8, so that lists of fields can be written as lists of pairs.</summary>
    /// <param name="field">The name and the value.</param>
    /// <exception cref="ArgumentNullException">The name or the value is null.</exception>
    public static implicit operator HeaderField((string Name, string Value) field)
    {
        ArgumentNullException.ThrowIfNull(field.Name, nameof(field.Name));
        if (field.Value is null)
            throw new ArgumentNullException(nameof(field.Value), $"The value of the field '{field.Name}' is null.");
        return new(field.Name, field.Value);
    }

    private ulong Hash(uint name) =>
        (ulong)name << 32 | Fingerprint.HashOfField(name, Fingerprint.Of(ValueSpan).Hash);
}
