using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>The result of the conditions of a request (RFC 9110 §13.2.2).</summary>
internal enum ConditionOutcome
{
    /// <summary>Answer as if there were no condition.</summary>
    Proceed,

    /// <summary>The client's copy is up to date: 304.</summary>
    NotModified,

    /// <summary>The file is not the version that the client names: 412.</summary>
    PreconditionFailed,
}

/// <summary>The conditional fields of a request, null where absent.</summary>
internal readonly record struct Conditions(
    string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfUnmodifiedSince, string? IfRange);

/// <summary>The validators of a file (RFC 9110 §8.8) and the judgement of conditions against them. Pure.</summary>
internal sealed record Validators
{
    private const int TagOctets = 12;

    private static readonly string[] DateForms =
        ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    // Two changes of a file within one tick of the file system's clock have the same time. A tick is 10 ms at most on Linux. Some file systems
    // store times in steps of one or two seconds, which can be seen from the times themselves.
    private static readonly TimeSpan FineTick = TimeSpan.FromMilliseconds(100), CoarseTick = TimeSpan.FromSeconds(3);

    private readonly string _tag;

    /// <summary>The validators of a file.</summary>
    /// <param name="status">What the system says of it.</param>
    /// <param name="now">The time (UTC), by the same clock as the file's.</param>
    public Validators(in FileStatus status, DateTime now)
    {
        LastModified = WholeSeconds(status.LastWrite);
        IsWeak = status.LastChange is not { } changed || now - changed < TickOf(status.LastWrite, changed);
        IsFinal = !IsWeak || status.LastChange is null;
        // While the last change is recent the tag is weak, and it differs from the strong tag that follows, because the content may change once
        // more without another time.
        _tag = $"\"{Digest(status)}{(IsFinal ? "" : "-new")}\"";
        ETag = IsWeak ? "W/" + _tag : _tag;
    }

    /// <summary>
    /// The entity-tag, with its quotes: what the system knows of the file, its number and the time of its last change included, which stays
    /// when the time of writing is put back. Weak when that cannot tell all versions apart: the last change is a moment ago, or its time is
    /// not known.
    /// </summary>
    public string ETag { get; }

    /// <summary>Whether the tag is a weak one.</summary>
    public bool IsWeak { get; }

    /// <summary>Whether these stay the validators of the file as long as it does not change.</summary>
    public bool IsFinal { get; }

    /// <summary>The time of writing in whole seconds, as the field can say it.</summary>
    public DateTime LastModified { get; }

    /// <summary>The value of <c>last-modified</c>.</summary>
    public string LastModifiedText => LastModified.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The fields that every response about the file has, behind <paramref name="first"/>.</summary>
    // With "no-cache" a client keeps the file and asks each time, so a change shows at the next reload.
    public Http2Headers Fields(params ReadOnlySpan<(string Name, string Value)> first) =>
    [
        .. first.ToArray(),
        ("etag", ETag),
        ("last-modified", LastModifiedText),
        ("accept-ranges", "bytes"),
        ("cache-control", "no-cache"),
        ("x-content-type-options", "nosniff"),
    ];

    /// <summary>
    /// Judges the conditions in the order of RFC 9110 §13.2.2; the date fields count only where their tag counterpart is absent.
    /// </summary>
    public ConditionOutcome Judge(in Conditions conditions)
    {
        if (conditions.IfMatch is { } match)
        {
            if (!ListContains(match, weak: false))
                return ConditionOutcome.PreconditionFailed;
        }
        else if (TryParseDate(conditions.IfUnmodifiedSince, out var unmodifiedSince) && LastModified > unmodifiedSince)
        {
            return ConditionOutcome.PreconditionFailed;
        }
        if (conditions.IfNoneMatch is { } noneMatch)
            return ListContains(noneMatch, weak: true) ? ConditionOutcome.NotModified : ConditionOutcome.Proceed;
        return TryParseDate(conditions.IfModifiedSince, out var modifiedSince) && LastModified <= modifiedSince
            ? ConditionOutcome.NotModified
            : ConditionOutcome.Proceed;
    }

    /// <summary>
    /// Whether a <c>range</c> field counts: no <c>if-range</c>, or one that names this very version (RFC 9110 §13.1.5). That takes a strong
    /// validator, and a date is none while its second lasts (§8.8.2.2).
    /// </summary>
    /// <param name="conditions">The fields of the request.</param>
    /// <param name="now">The time (UTC).</param>
    public bool AllowsRange(in Conditions conditions, DateTime now) => conditions.IfRange switch
    {
        null => true,
        ['"', ..] tag => !IsWeak && tag == _tag,
        ['W', '/', ..] => false, // a weak tag never compares strongly
        var date => TryParseDate(date, out var since) && since == LastModified && LastModified < WholeSeconds(now),
    };

    private bool ListContains(string list, bool weak)
    {
        if (list.Trim() == "*")
            return true;
        foreach (var (tag, isWeak) in ParseTags(list))
        {
            if (tag == _tag && (weak || !(isWeak || IsWeak)))
                return true;
        }
        return false;
    }

    // A digest, so that the numbers of the file and its device are not disclosed.
    private static string Digest(in FileStatus status)
    {
        ReadOnlySpan<ulong> all =
        [
            (ulong)status.Length, (ulong)status.LastWrite.Ticks, (ulong)(status.LastChange?.Ticks ?? 0), status.Inode, status.Device,
        ];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(all), digest);
        return Convert.ToHexStringLower(digest[..TagOctets]);
    }

    private static TimeSpan TickOf(DateTime written, DateTime changed) =>
        written.Ticks % TimeSpan.TicksPerSecond == 0 && changed.Ticks % TimeSpan.TicksPerSecond == 0 ? CoarseTick : FineTick;

    private static DateTime WholeSeconds(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);

    // Tags may hold commas, so the list is read quote by quote.
    private static IEnumerable<(string Tag, bool Weak)> ParseTags(string list)
    {
        for (var at = 0; at < list.Length;)
        {
            var open = list.IndexOf('"', at);
            var close = open < 0 ? -1 : list.IndexOf('"', open + 1);
            if (close < 0)
                yield break;
            var weak = open >= 2 && list.AsSpan(open - 2, 2) is "W/";
            yield return (list[open..(close + 1)], weak);
            at = close + 1;
        }
    }

    // RFC 9110 §5.6.7: recipients take all three forms of a date; anything else makes the field count as absent.
    private static bool TryParseDate(string? text, out DateTime date)
    {
        date = default;
        // Most requests have no conditions.
        return text is not null && DateTime.TryParseExact(
            text, DateForms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite, out date);
    }
}
