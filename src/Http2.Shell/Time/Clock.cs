using System.Globalization;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// Milliseconds for the core and a <c>date</c> field for responses, both from one <see cref="TimeProvider"/>. Thread-safe.
/// </summary>
internal sealed class Clock
{
    private readonly TimeProvider _provider;
    private readonly long _origin;
    private readonly long _ticksPerMillisecond;
    private Dated _date;

    public Clock(TimeProvider provider)
    {
        _provider = provider;
        _origin = provider.GetTimestamp();
        _ticksPerMillisecond = Math.Max(provider.TimestampFrequency / 1000, 1);
        _date = Read(0);
    }

    /// <summary>The provider's timestamp.</summary>
    public long Timestamp => _provider.GetTimestamp();

    /// <summary>Milliseconds from when the clock was made to <paramref name="timestamp"/>.</summary>
    public long At(long timestamp) => (timestamp - _origin) / _ticksPerMillisecond;

    /// <summary>The date at <paramref name="now"/>, made once a second (RFC 9110 §5.6.7).</summary>
    public HeaderField Date(long now)
    {
        var date = Volatile.Read(ref _date);
        if (now < date.Until)
            return date.Field;
        // Racing threads make equal fields.
        date = Read(now);
        Volatile.Write(ref _date, date);
        return date.Field;
    }

    private Dated Read(long now)
    {
        var utc = _provider.GetUtcNow();
        return new Dated(new HeaderField("date", utc.ToString("R", CultureInfo.InvariantCulture)), now + 1000 - utc.Millisecond);
    }

    private sealed record Dated(HeaderField Field, long Until);
}
