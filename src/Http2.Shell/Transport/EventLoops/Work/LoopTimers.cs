using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>
/// Timers that need no thread of the pool: a heap by due time, looked at by the watchdog of the event loops. What is due runs on the loops.
/// Times are milliseconds on any clock that only goes forward. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LoopTimers
{
    private readonly Lock _gate = new();
    private LoopTimer[] _heap = new LoopTimer[64];
    private int _count;
    private long _sleepsUntil = long.MaxValue;

    internal bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>
    /// When the watchdog must look again. Whoever sets a timer that is due earlier is told to wake it.
    /// </summary>
    internal long BeginSleep()
    {
        lock (_gate)
            return _sleepsUntil = _count == 0 ? long.MaxValue : _heap[0].Due;
    }

    /// <summary>Sets a timer, or moves it, or stops it with <see cref="long.MaxValue"/>.</summary>
    /// <returns>Whether the watchdog would look too late and must be woken.</returns>
    internal bool Set(LoopTimer timer, long due)
    {
        lock (_gate)
        {
            if (timer.Place >= 0)
                RemoveAt(timer.Place);
            timer.Due = due;
            if (due == long.MaxValue)
                return false;
            if (_count == _heap.Length)
                Array.Resize(ref _heap, _count * 2);
            Rise(timer, _count++);
            if (due >= _sleepsUntil)
                return false;
            _sleepsUntil = due;
            return true;
        }
    }

    /// <summary>Takes the timer that is due first; one with a period is set again.</summary>
    /// <returns>The timer, or null when none is due at <paramref name="now"/>.</returns>
    internal LoopTimer? TakeDue(long now)
    {
        lock (_gate)
        {
            if (_count == 0 || _heap[0].Due > now)
                return null;
            var timer = _heap[0];
            RemoveAt(0);
            if (timer.Period > 0)
            {
                timer.Due = now + timer.Period;
                Rise(timer, _count++);
            }
            return timer;
        }
    }

    private void RemoveAt(int place)
    {
        _heap[place].Place = -1;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (place == _count)
            return;
        if (place > 0 && last.Due < _heap[(place - 1) / 2].Due)
            Rise(last, place);
        else
            Sink(last, place);
    }

    private void Rise(LoopTimer timer, int place)
    {
        for (int above; place > 0 && timer.Due < _heap[above = (place - 1) / 2].Due; place = above)
            Put(_heap[above], place);
        Put(timer, place);
    }

    private void Sink(LoopTimer timer, int place)
    {
        while (true)
        {
            var below = 2 * place + 1;
            if (below >= _count)
                break;
            if (below + 1 < _count && _heap[below + 1].Due < _heap[below].Due)
                below++;
            if (_heap[below].Due >= timer.Due)
                break;
            Put(_heap[below], place);
            place = below;
        }
        Put(timer, place);
    }

    private void Put(LoopTimer timer, int place)
    {
        _heap[place] = timer;
        timer.Place = place;
    }
}
