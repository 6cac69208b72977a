using System.Globalization;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>What a conditional request comes to (RFC 9110 §13.2.2).</summary>
internal enum ConditionOutcome
{
    /// <summary>Answer as if there were no condition.</summary>
    Proceed,

    /// <summary>The client's copy is good: 304.</summary>
    NotModified,

    /// <summary>The client's idea of the file is out of date: 412.</summary>
    PreconditionFailed,
}

/// <summary>The conditional fields of a request, null where absent.</summary>
internal readonly record struct Conditions(
    string? IfMatch, string? IfNoneMatch, string? IfModifiedSince, string? IfUnmodifiedSince, string? IfRange);

/// <summary>The validators of a file (RFC 9110 §8.8) and the judgement of conditions against them. Pure.</summary>
internal sealed record Validators
{
    private static readonly string[] DateForms =
        ["ddd, dd MMM yyyy HH:mm:ss 'GMT'", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    /// <summary>The validators of a file of <paramref name="length"/> octets, last written at <paramref name="lastWrite"/> (UTC).</summary>
    public Validators(long length, DateTime lastWrite)
    {
        LastModified = new DateTime(lastWrite.Ticks - lastWrite.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
        ETag = string.Create(CultureInfo.InvariantCulture, $"\"{lastWrite.Ticks:x}-{length:x}\"");
    }

    /// <summary>A strong entity-tag, with its quotes: length and time of writing to the file system's precision.</summary>
    public string ETag { get; }

    /// <summary>The time of writing in whole seconds, as the field can say it.</summary>
    public DateTime LastModified { get; }

    /// <summary>The value of <c>last-modified</c>.</summary>
    public string LastModifiedText => LastModified.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The fields that every response about the file has, behind <paramref name="first"/>.</summary>
    // "no-cache" lets a client keep the file and has it ask each time: what is edited shows at the next reload.
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

    /// <summary>Whether a <c>range</c> field counts: no <c>if-range</c>, or one that names this very version (RFC 9110 §13.1.5).</summary>
    public bool AllowsRange(in Conditions conditions) => conditions.IfRange switch
    {
        null => true,
        ['"', ..] tag => tag == ETag,
        ['W', '/', ..] => false, // a weak tag never compares strongly
        var date => TryParseDate(date, out var since) && since == LastModified,
    };

    private bool ListContains(string list, bool weak)
    {
        if (list.Trim() == "*")
            return true;
        foreach (var (tag, isWeak) in ParseTags(list))
        {
            if (tag == ETag && (weak || !isWeak))
                return true;
        }
        return false;
    }

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
        // Most requests have none.
        return text is not null && DateTime.TryParseExact(
            text, DateForms, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowInnerWhite, out date);
    }
}
