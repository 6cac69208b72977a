using System.Runtime.Versioning;
using Http2.Shell;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>What a request path means under a root directory.</summary>
internal abstract record Located
{
    private Located()
    {
    }

    /// <summary>A regular file inside the root: its real path, length and time of writing (UTC).</summary>
    public sealed record File(string Path, long Length, DateTime LastWrite) : Located
    {
        private const FileShare Others = FileShare.ReadWrite | FileShare.Delete;

        /// <summary>What the kernel said of it when it was opened.</summary>
        public FileStatus Status { get; init; }

        /// <summary>The file as it was opened when it was found, or null; shared, so nobody closes it.</summary>
        public SafeFileHandle? Opened { get; init; }

        /// <summary>When the kernel was last asked whether this is still the file, as <see cref="TimeProvider.System"/> stamps it.</summary>
        public long CheckedAt
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        }

        /// <summary>What clients validate their copies by.</summary>
        public Validators Validators => field ??= new Validators(Length, LastWrite);

        /// <summary>The fields of a response with the whole file.</summary>
        public Http2Headers Fields => field ??= Validators.Fields(("content-type", ContentTypes.For(Path)));

        /// <summary>A part of the file as body.</summary>
        /// <exception cref="IOException">It cannot be opened.</exception>
        /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
        public ResponseBody Body(long offset, long length) =>
            // What has no length is not opened: opening a pipe or a device could wait for ever.
            length == 0 ? ResponseBody.Empty
            : Opened is { } shared ? ResponseBody.FromFile(shared, offset, length, leaveOpen: true)
            : ResponseBody.FromFile(Open(), offset, length);

        /// <summary>Opens the file once more; the caller disposes of it.</summary>
        /// <exception cref="IOException">It cannot be opened.</exception>
        /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
        public SafeFileHandle Open() => System.IO.File.OpenHandle(Path, FileMode.Open, FileAccess.Read, Others, FileOptions.SequentialScan);
    }

    /// <summary>A directory named without its slash: relative links in its page would go wrong.</summary>
    public sealed record NeedsSlash : Located;

    /// <summary>Nothing to serve: absent, a directory without an index, a file named with a slash, or a link that leads outside.</summary>
    public sealed record Nothing : Located;
}

/// <summary>
/// A directory to serve from. A path is followed name by name and link by link, so that a link may point anywhere inside the root and
/// nowhere else. Names that begin with a dot are served like others. Thread-safe.
/// </summary>
internal sealed class DocumentRoot
{
    private const string Index = "index.html";

    // As many as Linux follows before it calls a chain of links a loop.
    private const int MaxLinks = 40;

    private readonly string _root;
    private readonly BeneathDirectory? _beneath;

    /// <summary>Serves from <paramref name="directory"/>, which must exist.</summary>
    /// <exception cref="UserErrorException">There is no such directory, or it cannot be read.</exception>
    public DocumentRoot(string directory)
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
            throw new UserErrorException($"directory '{directory}' cannot be read; check its permissions ({error.Message})");
        }
        _root = RealPath(full) ?? throw new UserErrorException($"directory '{directory}' is a loop of links; give a real one");
        _beneath = OperatingSystem.IsLinux() ? BeneathDirectory.TryOpen(_root) : null;
    }

    /// <summary>The real path of the root.</summary>
    public string FullPath => _root;

    /// <summary>Finds what a path means now, or meant at some time since <paramref name="since"/>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="since">When the question came, as <see cref="TimeProvider.System"/> stamps it; an answer that is younger will do.</param>
    public Located Find(RequestPath path, long since = long.MaxValue) =>
        (OperatingSystem.IsLinux() ? FindBeneath(path, since) : null) ?? FindByLinks(path);

    // What has no link on its way; null when that is not all there is to it.
    [SupportedOSPlatform("linux")]
    private Located? FindBeneath(RequestPath path, long since)
    {
        if (_beneath is null)
            return null;
        var name = string.Join('/', path.Segments.AsSpan());
        if (path.EndsWithSlash)
            name = name.Length == 0 ? Index : $"{name}/{Index}";
        return _beneath.Find(name, since, out var file) switch
        {
            BeneathKind.File => file,
            BeneathKind.Directory => path.EndsWithSlash ? new Located.Nothing() : new Located.NeedsSlash(),
            BeneathKind.Nothing => new Located.Nothing(),
            _ => null,
        };
    }

    private Located FindByLinks(RequestPath path)
    {
        var real = RealPath(Path.Combine([_root, .. path.Segments]));
        if (real is null || !IsInside(real))
            return new Located.Nothing();
        if (!Directory.Exists(real))
            return path.EndsWithSlash ? new Located.Nothing() : Describe(real);
        if (!path.EndsWithSlash)
            return new Located.NeedsSlash();
        var index = RealPath(Path.Combine(real, Index));
        return index is not null && IsInside(index) && !Directory.Exists(index) ? Describe(index) : new Located.Nothing();
    }

    private static Located Describe(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new Located.File(path, file.Length, file.LastWriteTimeUtc) : new Located.Nothing();
    }

    private bool IsInside(string real) =>
        real.Length == _root.Length
            ? string.Equals(real, _root, StringComparison.Ordinal)
            : real.StartsWith(Path.EndsInDirectorySeparator(_root) ? _root : _root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The path with every link resolved, also those in the middle; null when it does not exist or never ends.
    private static string? RealPath(string path)
    {
        var top = Path.GetPathRoot(path)!;
        var real = top;
        var rest = new Stack<string>(Names(path, top));
        for (var links = 0; rest.TryPop(out var name);)
        {
            var next = Path.Combine(real, name);
            FileSystemInfo entry = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (entry.LinkTarget is not { } target)
            {
                if (!entry.Exists)
                    return null;
                real = next;
                continue;
            }
            if (++links > MaxLinks)
                return null;
            var absolute = Path.GetFullPath(target, real);
            top = Path.GetPathRoot(absolute)!;
            foreach (var step in Names(absolute, top))
                rest.Push(step);
            real = top;
        }
        return real;
    }

    // Last name first, as a stack wants them.
    private static IEnumerable<string> Names(string path, string top) =>
        path[top.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse();
}
