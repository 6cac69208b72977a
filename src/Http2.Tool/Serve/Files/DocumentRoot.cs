using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// A directory to serve from. Links may point anywhere inside the root and nowhere else. Names that begin with a dot are served like
/// others. A file that was opened is kept open, and used for further requests as long as its name stands for the same file and the file has not
/// changed. That is checked with one system call for all requests that came together. Thread-safe.
/// </summary>
internal sealed class DocumentRoot : IDisposable
{
    private const string Index = "index.html";

    private readonly string _root;
    private readonly FileRoom _room;
    private readonly KeptFiles _kept;
    private readonly BeneathDirectory? _beneath;

    /// <summary>Serves from <paramref name="directory"/>, which must exist, within the limits of this process.</summary>
    /// <exception cref="UserErrorException">There is no such directory, or it cannot be read.</exception>
    public DocumentRoot(string directory)
        : this(directory, Http2ProcessLimits.Current, TimeProvider.System)
    {
    }

    /// <summary>Serves from a directory with limits and a clock that the caller gives.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="limits">What the process may use.</param>
    /// <param name="time">The clock by which files are kept.</param>
    /// <param name="bounded">Whether the kernel may be asked to bound a path.</param>
    public DocumentRoot(string directory, Http2ProcessLimits limits, TimeProvider time, bool bounded = true)
    {
        _root = RealRoot(directory);
        _room = FileRoom.Within(limits);
        _kept = new KeptFiles(KeptFiles.MostWithin(limits), time);
        if (OperatingSystem.IsLinux())
            _beneath = BeneathDirectory.TryOpen(_root, _room, bounded) ?? throw Unreadable(directory, "it cannot be opened");
    }

    /// <summary>The real path of the root.</summary>
    public string FullPath => _root;

    /// <summary>How many files are open now: those that are kept, and those that responses are being sent from.</summary>
    public int OpenFiles => _room.Open;

    /// <summary>Finds what a path means now, or meant at some time since <paramref name="since"/>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="since">When the request came, as <see cref="TimeProvider.System"/> stamps it; an answer that is younger will
    /// do.</param>
    /// <returns>A file, held for the caller, or why there is none.</returns>
    public Located Find(RequestPath path, long since = long.MaxValue)
    {
        var name = string.Join('/', path.Segments.AsSpan());
        if (path.EndsWithSlash)
            name = name.Length == 0 ? Index : $"{name}/{Index}";
        var located = TakeKept(name, since) ?? Open(name);
        return located is Located.NeedsSlash && path.EndsWithSlash ? Located.Nothing.Instance : located;
    }

    /// <summary>Lets go of the files that are kept.</summary>
    public void Dispose()
    {
        _kept.Dispose();
        if (OperatingSystem.IsLinux())
            _beneath?.Dispose();
    }

    private Located.File? TakeKept(string name, long since)
    {
        if (_kept.Take(name) is not { } file)
            return null;
        if (file.CheckedAt >= since)
            return file;
        var now = TimeProvider.System.GetTimestamp();
        if (OperatingSystem.IsLinux() && _beneath!.IsStill(name, file))
        {
            file.CheckedAt = now;
            return file;
        }
        _kept.Drop(name, file);
        file.Dispose();
        return null;
    }

    private Located Open(string name)
    {
        var now = TimeProvider.System.GetTimestamp();
        var located = OpenNow(name);
        if (located is Located.NotNow)
        {
            // Descriptors have run out, so files that are only kept are closed in favour of the one that is asked for.
            _kept.Clear();
            located = OpenNow(name);
        }
        if (located is Located.File file)
        {
            file.CheckedAt = now;
            if (OperatingSystem.IsLinux())
                _kept.Keep(name, file);
        }
        return located;
    }

    private Located OpenNow(string name) =>
        OperatingSystem.IsLinux() ? _beneath!.Open(name) : PortableDirectory.Open(_root, name, _room);

    private static string RealRoot(string directory)
    {
        if (string.IsNullOrWhiteSpace(directory))
            throw new UserErrorException("the directory to serve is an empty name; give one that exists, or none for the demo");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (File.Exists(full))
            throw new UserErrorException($"'{directory}' is a file; give the directory to serve");
        if (!Directory.Exists(full))
            throw new UserErrorException($"there is no directory '{directory}'; give one that exists, or none for the demo");
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(full).GetEnumerator();
            entries.MoveNext();
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw Unreadable(directory, error.Message);
        }
        return LinkedPath.Resolve(full) ?? throw new UserErrorException($"directory '{directory}' is a loop of links; give a real one");
    }

    private static UserErrorException Unreadable(string directory, string why) =>
        new($"directory '{directory}' cannot be read; check its permissions ({why.TrimEnd('.')})");
}
