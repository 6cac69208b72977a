using System.Collections.Immutable;

namespace Hpack.Pure;

/// <summary>How a literal field is to be sent (RFC 7541 §6.2).</summary>
public enum Indexing : byte
{
    /// <summary>Into the dynamic table (§6.2.1).</summary>
    Incremental,

    /// <summary>Not into the table, but a hop further on may index it (§6.2.2).</summary>
    Without,

    /// <summary>Not into any table on its way (§6.2.3); for secrets.</summary>
    Never,

    /// <summary>
    /// Without indexing, but into the dynamic table when the same field comes again before 128 others have been put off like this.
    /// </summary>
    OnSecondSight,
}

/// <summary>Decides for one field; must be a pure function of its arguments.</summary>
/// <param name="name">The field's name.</param>
/// <param name="value">The field's value.</param>
public delegate Indexing IndexingRule(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);

/// <summary>
/// Which fields an encoder puts into its dynamic table. Immutable, thread-safe, equal by content (a rule of the caller's own: by
/// reference). Fields marked never indexed stay so whatever the policy; fields of the static table are sent as their index.
/// </summary>
/// <remarks>
/// A field goes into the table to be found there again. Two kinds of field are kept out. Secrets: whoever can add fields of their own
/// to a connection could guess at a value in the table and see from the block's length whether the guess was right (RFC 7541 §7.1).
/// And values that hardly ever come twice: they would evict what does. Where that cannot be told by the name, a field has to prove it by
/// coming twice (<see cref="Indexing.OnSecondSight"/>); and so has one that would evict others while its name has its share of the table.
/// </remarks>
public sealed class IndexingPolicy : IEquatable<IndexingPolicy>
{
    // A cookie of this length or more has too many possible values to be guessed, as HPACK only ever matches a value as a whole.
    private const int LongCookie = 20;

    // A name with more than a twelfth of the table's entries hardly gains from another one. Measured at tables of 1 to 64 KiB; somewhat
    // more or less does about as well.
    private const int DefaultShare = 12;

    private const byte Ask = byte.MaxValue;

    private readonly ImmutableSortedDictionary<string, Indexing> _byName;
    private readonly (Octets Name, Indexing Indexing)[] _unlisted;
    private readonly int _shortCookie;
    private readonly IndexingRule? _rule;

    // The answer by the first static index of a name, and at 0 for all other names; Ask where the name or the value has to be looked at.
    private readonly byte[] _answers = new byte[StaticTable.Count + 1];

    private IndexingPolicy(ImmutableSortedDictionary<string, Indexing> byName, int shortCookie, int share, IndexingRule? rule)
    {
        Share = share;
        _byName = byName;
        _shortCookie = shortCookie;
        _rule = rule;
        _unlisted = [.. byName.Where(pair => Token(pair.Key) == 0).Select(pair => (Octets.FromString(pair.Key), pair.Value))];
        _answers[0] = _unlisted.Length != 0 || rule is not null ? Ask : (byte)Indexing.Incremental;
        for (var token = 1; token < _answers.Length; token++)
        {
            var name = StaticTable.Fields[token].Name.ToString();
            _answers[token] = byName.TryGetValue(name, out var indexing) ? (byte)indexing
                : rule is not null ? Ask
                : (byte)Indexing.Incremental;
        }
        if (shortCookie > 0)
            _answers[StaticTable.Cookie] = Ask;
    }

    /// <summary>The part of a full table's entries that one name may have before its fields have to come twice: 8 is an eighth; 0, no bound.</summary>
    public int Share { get; }

    /// <summary>Everything into the table; no secret is kept out.</summary>
    public static IndexingPolicy All { get; } =
        new(ImmutableSortedDictionary.Create<string, Indexing>(StringComparer.Ordinal), 0, 0, null);

    /// <summary>Nothing into the table.</summary>
    public static IndexingPolicy None { get; } = FromRule((_, _) => Indexing.Without);

    /// <summary>Secrets never, values that hardly ever come twice not, all else into the table.</summary>
    public static IndexingPolicy Default { get; } = All
        // A bearer token or a password: whoever can add requests to the connection could test guesses against the block's length.
        .With("authorization", Indexing.Never)
        // The same secrets, for a proxy.
        .With("proxy-authorization", Indexing.Never)
        // A new session's secret, and each value comes once.
        .With("set-cookie", Indexing.Never)
        // Short cookies have few possible values, so that guessing one whole can succeed.
        .WithShortCookies(LongCookie)
        // Many values of one name crowd out what recurs.
        .WithShare(DefaultShare)
        // Each resource has its own: not worth a place before the resource is asked for again.
        .With("etag", Indexing.OnSecondSight)
        .With("expires", Indexing.OnSecondSight)
        .With("last-modified", Indexing.OnSecondSight)
        .With("location", Indexing.OnSecondSight)
        // Each resource has its own path, and a path in the table could be guessed: it may tell what somebody else looks at.
        .With(":path", Indexing.Without)
        // A literal takes hardly more than an index.
        .With("content-length", Indexing.Without)
        // Each cached copy of each resource has its own.
        .With("age", Indexing.Without)
        .With("if-modified-since", Indexing.Without)
        .With("if-none-match", Indexing.Without);

    /// <summary>A policy that asks <paramref name="rule"/> for each field that the table does not hold yet.</summary>
    /// <param name="rule">A pure function.</param>
    public static IndexingPolicy FromRule(IndexingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(All._byName, 0, 0, rule);
    }

    /// <summary>This policy with another decision for one name. Decisions by name go before a rule.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="indexing">What to do with fields of that name.</param>
    public IndexingPolicy With(string name, Indexing indexing)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new(_byName.SetItem(name, indexing), _shortCookie, Share, _rule);
    }

    /// <summary>This policy, except that cookies shorter than <paramref name="length"/> octets are never indexed.</summary>
    /// <param name="length">In octets; 0 treats all cookies alike.</param>
    public IndexingPolicy WithShortCookies(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new(_byName, length, Share, _rule);
    }

    /// <summary>
    /// This policy, except that once the table is full a name that more than a <paramref name="share"/>th of its entries have gets no
    /// further place for a field before that field comes a second time.
    /// </summary>
    /// <param name="share">From 1; 0 for no such bound.</param>
    public IndexingPolicy WithShare(int share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        return new(_byName, _shortCookie, share, _rule);
    }

    /// <summary>What this policy says of a field.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">The field's value.</param>
    public Indexing Decide(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Decide(StaticTable.FindName(name), name, value);

    /// <inheritdoc/>
    public bool Equals(IndexingPolicy? other) =>
        ReferenceEquals(this, other)
        || other is not null && _shortCookie == other._shortCookie && Share == other.Share && _rule == other._rule
        && _byName.SequenceEqual(other._byName);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IndexingPolicy);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(_shortCookie);
        hash.Add(Share);
        hash.Add(_rule);
        foreach (var pair in _byName)
            hash.Add(pair);
        return hash.ToHashCode();
    }

    /// <summary>What is said by name, of short cookies and of shares, and whether there is a rule.</summary>
    public override string ToString()
    {
        var parts = _byName.Select(pair => $"{pair.Key}: {pair.Value}").ToList();
        if (_shortCookie > 0)
            parts.Add($"cookie below {_shortCookie} octets: {Indexing.Never}");
        if (Share > 0)
            parts.Add($"beyond 1/{Share} of a full table: {Indexing.OnSecondSight}");
        parts.Add(_rule is not null ? "else by rule" : $"else: {Indexing.Incremental}");
        return string.Join(", ", parts);
    }

    /// <summary>What this policy says of a field when the first static index of its name is known.</summary>
    internal Indexing Decide(byte token, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var answer = _answers[token];
        return answer != Ask ? (Indexing)answer : DecideByContent(token, name, value);
    }

    private static byte Token(string name) => StaticTable.FindName(Octets.FromString(name).Span);

    private Indexing DecideByContent(byte token, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (token == StaticTable.Cookie && value.Length < _shortCookie)
            return Indexing.Never;
        if (token == StaticTable.Cookie && _byName.TryGetValue("cookie", out var cookie))
            return cookie;
        foreach (var (unlisted, indexing) in _unlisted)
        {
            if (name.SequenceEqual(unlisted.Span))
                return indexing;
        }
        return _rule?.Invoke(name, value) ?? Indexing.Incremental;
    }
}
