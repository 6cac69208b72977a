using System.Collections.Concurrent;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// Keeps a bounded number of files open for the requests to come. A file that is not asked for any more is let go of within twice
/// <see cref="Patience"/>. When there are too many files, those that were not asked for lately are let go of first. Thread-safe.
/// </summary>
internal sealed class KeptFiles : IDisposable
{
    /// <summary>The least time for which a file is kept that nobody asks for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int ShareOfProcess = 8, Least = 8, Most = 256;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Located.File> _files = new(StringComparer.Ordinal);

    // The paths in the order in which their files were added; a file that was asked for since is moved to the end. Some may be closed already.
    private readonly Queue<(string Path, Located.File File)> _turns = new();
    private readonly int _most;
    private readonly ITimer _timer;
    private bool _isSweeping;

    /// <summary>Keeps files.</summary>
    /// <param name="most">How many files are kept at most, 1 or more.</param>
    /// <param name="time">The clock that patience goes by.</param>
    public KeptFiles(int most, TimeProvider time)
    {
        _most = most;
        _timer = time.CreateTimer(static kept => ((KeptFiles)kept!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many are kept.</summary>
    public int Count => _files.Count;

    /// <summary>How many files a process of such limits keeps.</summary>
    public static int MostWithin(Http2ProcessLimits limits) => (int)Math.Clamp(limits.Descriptors / ShareOfProcess, Least, Most);

    /// <summary>The file that is kept for a path, held for whoever asks; null when there is none.</summary>
    public Located.File? Take(string path)
    {
        if (!_files.TryGetValue(path, out var file) || !file.TryHold())
            return null;
        if (!file.IsAskedFor)
            file.IsAskedFor = true;
        return file;
    }

    /// <summary>Keeps a file that the caller holds, unless another is kept for the path.</summary>
    public void Keep(string path, Located.File file)
    {
        lock (_gate)
        {
            if (!_files.TryAdd(path, file))
                return;
            file.TryHold();
            for (var stays = _turns.Count; _turns.Count >= _most; stays--)
                TakeTurn(mayStay: stays > 0);
            _turns.Enqueue((path, file));
            if (!_isSweeping)
                _isSweeping = _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Lets go of a file, for instance because its name stands for another one now.</summary>
    public void Drop(string path, Located.File file)
    {
        if (_files.TryRemove(new(path, file)))
            file.Dispose();
    }

    /// <summary>Lets go of all files, because descriptors have run short.</summary>
    public void Clear()
    {
        foreach (var (path, file) in _files)
            Drop(path, file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        Clear();
    }

    // The oldest file is closed, unless it was asked for since it was last the oldest; then it moves to the end.
    private void TakeTurn(bool mayStay)
    {
        var (path, file) = _turns.Dequeue();
        if (!mayStay || !file.IsAskedFor)
        {
            Drop(path, file);
        }
        else if (_files.TryGetValue(path, out var kept) && kept == file)
        {
            file.IsAskedFor = false;
            _turns.Enqueue((path, file));
        }
    }

    private void Sweep()
    {
        lock (_gate)
        {
            for (var turns = _turns.Count; turns > 0; turns--)
                TakeTurn(mayStay: true);
            _isSweeping = _turns.Count > 0 && _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }
    }
}
