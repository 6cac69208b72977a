using System.Buffers;
using System.Text;

namespace Http2.Pure;

/// <summary>
/// One pass over the fields of a request, whoever sends it (RFC 9113 §8.3.1, §8.5; RFC 8441 §4): <see cref="Add"/> for each field in order,
/// then <see cref="Finish"/>.
/// </summary>
internal ref struct RequestScan()
{
    private static readonly SearchValues<byte> SchemeOctets =
        SearchValues.Create("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);
    // What no path has: controls, the space, DEL, and the number sign, because a fragment is never sent.
    private static readonly SearchValues<byte> NoPathOctets = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Select(octet => (byte)octet), (byte)'#', 0x7f]);

    /// <summary>The indices of the pseudo-fields and of host, or <see cref="RequestHead.Absent"/>.</summary>
    public short Method = RequestHead.Absent, Scheme = RequestHead.Absent, Authority = RequestHead.Absent;

    /// <inheritdoc cref="Method"/>
    public short Path = RequestHead.Absent, Protocol = RequestHead.Absent, Host = RequestHead.Absent;

    /// <summary>The index of the first field that is not a pseudo-field; the number of fields when there is none.</summary>
    public int FirstRegular;

    /// <summary>The content-length that the fields declare.</summary>
    public DeclaredLength Declared;

    /// <summary>How many of the fields are cookie crumbs.</summary>
    public int Crumbs;

    private ReadOnlySpan<byte> _method, _scheme, _authority, _path, _protocol, _host;

    /// <summary>Whether it is a CONNECT request, extended or not.</summary>
    public readonly bool IsConnect => _method.SequenceEqual("CONNECT"u8);

    /// <summary>Takes the next field.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="token">The first index of its name in the static table, or 0 when that is not known.</param>
    /// <param name="traits">What the rules for single fields say of it.</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public Rule? Add(int index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte token, FieldTraits traits)
    {
        if (traits == FieldTraits.None)
        {
            Crumbs += token == FieldRules.TokenCookie ? 1 : 0;
            return null;
        }
        if ((traits & FieldTraits.BadName) != 0)
            return HeaderRules.FieldName;
        if ((traits & FieldTraits.BadValue) != 0)
            return HeaderRules.FieldValue;
        // §8.2.2: a field of an HTTP/1.1 connection makes the request malformed
        if ((traits & FieldTraits.Connection) != 0)
            return HeaderRules.ConnectionField;
        if ((traits & FieldTraits.Pseudo) != 0)
            return AddPseudo(index, PseudoFields.Of(name, token), value);
        if ((traits & FieldTraits.ContentLength) != 0)
            return DeclaredLength.TryAdd(value, ref Declared) ? null : HeaderRules.ContentLength;
        return (traits & FieldTraits.Host) == 0 ? null
            : Set(index, value, ref Host, ref _host) ? null : HeaderRules.HostDuplicate;
    }

    private Rule? AddPseudo(int index, PseudoField pseudo, ReadOnlySpan<byte> value)
    {
        // §8.3: no pseudo-field comes behind another field
        if (index != FirstRegular)
            return HeaderRules.PseudoOrder;
        FirstRegular = index + 1;
        bool? first = pseudo switch
        {
            PseudoField.Method => Set(index, value, ref Method, ref _method),
            PseudoField.Scheme => Set(index, value, ref Scheme, ref _scheme),
            PseudoField.Authority => Set(index, value, ref Authority, ref _authority),
            PseudoField.Path => Set(index, value, ref Path, ref _path),
            PseudoField.Protocol => Set(index, value, ref Protocol, ref _protocol),
            _ => null,
        };
        // §8.3: a pseudo-field that is not defined makes the request malformed, and so does that of responses
        if (first is null)
            return HeaderRules.PseudoUnknown;
        // §8.3: none occurs twice, whatever the values
        return first.Value ? null : HeaderRules.PseudoDuplicate;
    }

    private static bool Set(int index, ReadOnlySpan<byte> value, ref short place, ref ReadOnlySpan<byte> kept)
    {
        if (place != RequestHead.Absent)
            return false;
        place = (short)index;
        kept = value;
        return true;
    }

    /// <summary>Judges the request as a whole.</summary>
    /// <param name="endStream">Whether the stream ends with its head.</param>
    /// <param name="extendedConnect">Whether extended CONNECT may be used (RFC 8441 §3).</param>
    /// <returns>The rule that it breaks, or null.</returns>
    public readonly Rule? Finish(bool endStream, bool extendedConnect)
    {
        // §8.3.1: exactly one method, a token
        if (Method == RequestHead.Absent)
            return HeaderRules.PseudoMissing;
        if (!FieldGrammar.IsToken(_method))
            return HeaderRules.Method;
        var form = Protocol != RequestHead.Absent ? JudgeExtendedConnect(extendedConnect)
            : IsConnect ? JudgeConnect()
            : JudgePlain();
        // §8.1.1: octets of a body were declared, and none follow
        return form ?? (endStream && !Declared.IsMet ? HeaderRules.ContentLengthEnd : null);
    }

    /// <summary>
    /// Judges the request as one that is promised: it is safe and cacheable, has no body, and names its authority (RFC 9113 §8.4).
    /// </summary>
    /// <returns>The rule that it breaks, or null.</returns>
    public readonly Rule? FinishPromise()
    {
        if (Finish(endStream: true, extendedConnect: false) is { } broken)
            return broken;
        // Only GET and HEAD are known to be both safe and cacheable (RFC 9110 §9.2).
        var safe = _method.SequenceEqual("GET"u8) || _method.SequenceEqual("HEAD"u8);
        return safe && Authority != RequestHead.Absent ? null : HeaderRules.PromisedRequest;
    }

    private readonly Rule? JudgePlain()
    {
        // §8.3.1: exactly one scheme and one path
        if (Scheme == RequestHead.Absent || Path == RequestHead.Absent)
            return HeaderRules.PseudoMissing;
        if (_scheme.IsEmpty || !char.IsAsciiLetter((char)_scheme[0]) || _scheme.ContainsAnyExcept(SchemeOctets))
            return HeaderRules.Scheme;
        return (IsPath() ? null : HeaderRules.Path) ?? JudgeAuthority();
    }

    // §8.3.1: a path is never empty; an asterisk means the whole server, which only OPTIONS can ask about
    private readonly bool IsPath() =>
        _path.SequenceEqual("*"u8) ? _method.SequenceEqual("OPTIONS"u8)
        : !_path.IsEmpty && _path[0] == '/' && !_path.ContainsAny(NoPathOctets);

    private readonly Rule? JudgeAuthority()
    {
        var named = Authority != RequestHead.Absent;
        if (!named && Host == RequestHead.Absent)
            return MustNameAuthority() ? HeaderRules.AuthorityMissing : null;
        // §8.3.1: userinfo is not sent, and who has no authority sends no :authority
        if (!Http2.Pure.Authority.TryParse(named ? _authority : _host, out var authority))
            return HeaderRules.Authority;
        if (!named || Host == RequestHead.Absent)
            return null;
        // §8.3.1: a host that names somebody else is how requests are smuggled past whoever looks at only one of them
        return _authority.SequenceEqual(_host) ||
            Http2.Pure.Authority.TryParse(_host, out var host) && Http2.Pure.Authority.Same(authority, host, _scheme)
                ? null : HeaderRules.HostMismatch;
    }

    // RFC 9110 §4.2.1, §4.2.2: these two schemes always have an authority. OPTIONS is let through without one: it asks whether the server is
    // there and what it can do (RFC 9110 §9.3.7), and HAProxy by default asks so of servers whose name it was not told.
    private readonly bool MustNameAuthority() =>
        !_method.SequenceEqual("OPTIONS"u8)
        && (Ascii.EqualsIgnoreCase(_scheme, "http"u8) || Ascii.EqualsIgnoreCase(_scheme, "https"u8));

    private readonly Rule? JudgeConnect()
    {
        // §8.5: a tunnel has neither scheme nor path, and its target is a host with a port
        if (Scheme != RequestHead.Absent || Path != RequestHead.Absent || Authority == RequestHead.Absent)
            return HeaderRules.Connect;
        if (!Http2.Pure.Authority.TryParse(_authority, out var target) || target.Port.IsEmpty)
            return HeaderRules.Connect;
        return JudgeAuthority();
    }

    private readonly Rule? JudgeExtendedConnect(bool allowed)
    {
        // RFC 8441 §4: only CONNECT has it, and only where it was allowed
        if (!allowed || !IsConnect || !FieldGrammar.IsToken(_protocol))
            return HeaderRules.Protocol;
        // RFC 8441 §4: such a request names its target like any other
        return Authority == RequestHead.Absent ? HeaderRules.ExtendedConnect : JudgePlain();
    }
}
