using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>
/// Opens what lies beneath a directory, so that nobody who changes names and links there meanwhile can have anything else opened. The
/// kernel does that in one call (openat2, Linux 5.6). Where it cannot, what was opened is asked for its real path before a single octet is
/// read. Nothing that is opened here makes the caller wait. Thread-safe.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BeneathDirectory : IDisposable
{
    // When a link changes between reading and opening it, the path is followed once more.
    private const int Attempts = 4;

    private readonly string _root;
    private readonly SafeFileHandle _directory;
    private readonly FileRoom _room;
    private readonly bool _isBounded;

    private BeneathDirectory(string root, SafeFileHandle directory, FileRoom room, bool isBounded) =>
        (_root, _directory, _room, _isBounded) = (root, directory, room, isBounded);

    private int Directory => (int)_directory.DangerousGetHandle();

    /// <summary>Opens a directory; null when it cannot be opened.</summary>
    /// <param name="root">Its real path.</param>
    /// <param name="room">How many files may be open.</param>
    /// <param name="bounded">Whether the kernel may be asked to bound a path; false is for tests.</param>
    public static BeneathDirectory? TryOpen(string root, FileRoom room, bool bounded = true)
    {
        var isBounded = bounded;
        var descriptor = bounded ? LinuxFiles.Open(LinuxFiles.NoDirectory, root, Resolve.Anything, out _) : -1;
        if (descriptor < 0)
        {
            isBounded = false;
            descriptor = LinuxFiles.OpenPlainly(root, out _);
        }
        return descriptor < 0 ? null : new BeneathDirectory(root, new SafeFileHandle(descriptor, ownsHandle: true), room, isBounded);
    }

    /// <summary>Whether the name still stands for the same file, unchanged.</summary>
    public bool IsStill(string name, Located.File file) => LinuxFiles.StatusAt(Directory, name) == file.Status;

    /// <summary>Opens what a relative path stands for.</summary>
    /// <param name="name">Names with slashes between them; none is <c>..</c>.</param>
    /// <returns>A file, held for the caller, or why there is none.</returns>
    public Located Open(string name)
    {
        if (LinuxFiles.StatusAt(Directory, name).Kind == FileKind.Special)
            return Located.Nothing.Instance; // to open a device or a pipe may have an effect, such as waking its other end
        return _isBounded ? OpenBounded(name) : OpenByLinks(name);
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private Located OpenBounded(string name)
    {
        var located = Hold(LinuxFiles.Open(Directory, name, Resolve.NoLinks | Resolve.NoMagicLinks | Resolve.Beneath, out var error), name, error);
        if (error != Errno.Loop)
            return located;
        // There are links; the kernel follows those that stay inside from name to name.
        var descriptor = LinuxFiles.Open(Directory, name, Resolve.NoMagicLinks | Resolve.Beneath, out error);
        if (error == Errno.OtherDevice)
            return OpenByLinks(name); // a link is an absolute path, or leads outside of the directory
        return Hold(descriptor, descriptor < 0 ? name : RealName(descriptor) ?? name, error);
    }

    // Links are resolved by reading them; the resulting path, which has none, is opened with links forbidden.
    private Located OpenByLinks(string name)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (LinkedPath.Resolve(Path.Join(_root, name)) is not { } real || LinkedPath.Beneath(_root, real) is not { } beneath)
                return Located.Nothing.Instance;
            int error;
            var located = _isBounded
                ? Hold(LinuxFiles.Open(Directory, beneath, Resolve.NoLinks | Resolve.NoMagicLinks | Resolve.Beneath, out error), beneath, error)
                : HoldInside(LinuxFiles.OpenPlainly(real, out error), error);
            if (error is not (Errno.Loop or Errno.OtherDevice))
                return located;
        }
        return Located.Nothing.Instance;
    }

    // A directory in the middle may have become a link that leads outside while the path was followed; what is open tells where it lies.
    private Located HoldInside(int descriptor, int error)
    {
        if (descriptor < 0)
            return Hold(descriptor, "", error);
        if (RealName(descriptor) is { } name)
            return Hold(descriptor, name, error);
        LinuxFiles.Close(descriptor);
        return Located.Nothing.Instance;
    }

    private string? RealName(int descriptor) => LinuxFiles.PathOf(descriptor) is { } real ? LinkedPath.Beneath(_root, real) : null;

    private Located Hold(int descriptor, string name, int error)
    {
        if (descriptor < 0)
            return Explain(error);
        var status = LinuxFiles.StatusOf(descriptor);
        if (status.Kind == FileKind.File && _room.TryTake())
            return new Located.File(Path.Join(_root, name), status, new SafeFileHandle(descriptor, ownsHandle: true), _room);
        LinuxFiles.Close(descriptor);
        return status.Kind switch
        {
            FileKind.File => Located.NotNow.Instance,
            FileKind.Directory => Located.NeedsSlash.Instance,
            _ => Located.Nothing.Instance,
        };
    }

    private static Located Explain(int error) => error switch
    {
        Errno.NoEntry or Errno.NotADirectory or Errno.NameTooLong or Errno.Loop or Errno.OtherDevice or Errno.NoDevice =>
            Located.Nothing.Instance,
        Errno.NotPermitted => Located.Forbidden.Instance,
        Errno.TooMany or Errno.TooManyOfAll or Errno.NoMemory or Errno.Again => Located.NotNow.Instance,
        _ => Located.Unreadable.Instance,
    };
}
