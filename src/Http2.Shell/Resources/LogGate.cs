using System.Collections.Concurrent;
using System.Globalization;

namespace Http2.Shell;

/// <summary>
/// Keeps a log readable when the same thing happens over and over: it is told at once the first time, and then at most once in each
/// period, with the number of times. Thread-safe.
/// </summary>
/// <typeparam name="TKey">What makes two lines the same.</typeparam>
internal sealed class LogGate<TKey> : IDisposable
    where TKey : notnull
{
    // More kinds of lines than this in one period are not told.
    private const int MostKeys = 256;

    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private readonly Func<TKey, Entry> _make;

    /// <summary>A gate by a clock.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="period">How far lines that are the same are apart; null for <see cref="Period"/>.</param>
    public LogGate(TimeProvider time, TimeSpan? period = null) =>
        _make = key => new Entry(time, period ?? Period, entry => _entries.TryRemove(new KeyValuePair<TKey, Entry>(key, entry)));

    /// <summary>How far lines that are the same are apart, usually.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Logs a line now, or counts it. The last of those that were counted is logged at the end of the period.
    /// </summary>
    /// <param name="key">What the line is about.</param>
    /// <param name="line">
    /// Logs it, with an addition for how many more there were, empty when it is told at once. Called on this thread or a timer's.
    /// </param>
    public void Write(TKey key, Action<string> line)
    {
        Entry? entry;
        do
        {
            if (!_entries.TryGetValue(key, out entry))
                entry = _entries.Count < MostKeys ? _entries.GetOrAdd(key, _make) : null;
        }
        while (entry is not null && !entry.TryWrite(line));
    }

    /// <summary>Logs what was only counted so far.</summary>
    public void Dispose()
    {
        foreach (var entry in _entries.Values)
            entry.Dispose();
    }

    /// <summary>Lines of one kind, from the first of them to the end of a period without any.</summary>
    private sealed class Entry : IDisposable
    {
        private readonly Lock _gate = new();
        private readonly ITimer _timer;
        private readonly TimeSpan _period;
        private readonly Action<Entry> _forget;
        private Action<string>? _last;
        private long _more;
        private bool _isOpen = true;
        private bool _isForgotten;

        public Entry(TimeProvider time, TimeSpan period, Action<Entry> forget)
        {
            (_period, _forget) = (period, forget);
            _timer = time.CreateTimer(static entry => ((Entry)entry!).End(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Logs a line, or counts it.</summary>
        /// <returns>False when the entry was forgotten meanwhile, and the line is to be written to another.</returns>
        public bool TryWrite(Action<string> line)
        {
            lock (_gate)
            {
                if (_isForgotten)
                    return false;
                if (!_isOpen)
                {
                    _more++;
                    _last = line;
                    return true;
                }
                // After the end no timer would open it again.
                _isOpen = !_timer.Change(_period, Timeout.InfiniteTimeSpan);
            }
            line("");
            return true;
        }

        public void Dispose()
        {
            _timer.Dispose();
            End();
        }

        private void End()
        {
            Action<string>? last;
            long more;
            lock (_gate)
            {
                (last, more, _last, _more) = (_last, _more, null, 0);
                _isOpen = last is null || !_timer.Change(_period, Timeout.InfiniteTimeSpan);
                _isForgotten = last is null;
            }
            if (last is null)
            {
                _forget(this);
                _timer.Dispose();
                return;
            }
            try
            {
                last(string.Create(CultureInfo.InvariantCulture, $" ({more} more in the last {_period.TotalSeconds:0} s)"));
            }
            catch (Exception)
            {
                // A logger that fails has nowhere to say so, and on a timer's thread nobody else would catch it.
            }
        }
    }
}
