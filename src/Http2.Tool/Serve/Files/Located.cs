using Http2.Shell;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>What a request path means under a root directory.</summary>
internal abstract class Located
{
    private Located()
    {
    }

    /// <summary>
    /// A regular file inside the root, opened once: all that an answer says of the file and every octet of its body come from this one
    /// descriptor, whatever happens to the name meanwhile. Several answers share it: each holds it until its body is done, and whoever lets
    /// go last closes it. Thread-safe.
    /// </summary>
    public sealed class File : Located, IDisposable
    {
        private readonly SafeFileHandle? _handle;
        private readonly FileRoom _room;
        private Validators? _validators;
        private Http2Headers? _fields;
        private int _holders = 1;

        /// <summary>A file that whoever makes it holds.</summary>
        /// <param name="path">Its real path.</param>
        /// <param name="status">What the system says of the open file.</param>
        /// <param name="handle">The open file; null for an empty file on a system that cannot tell without opening whether it is a pipe,
        /// because opening a pipe may wait.</param>
        /// <param name="room">Where its place is given back.</param>
        public File(string path, in FileStatus status, SafeFileHandle? handle, FileRoom room) =>
            (Path, Status, _handle, _room) = (path, status, handle, room);

        // A body that was neither read nor disposed of never lets go of the file. The collector then closes the
        // descriptor, and this finalizer gives back the place.
        ~File() => _room.Give();

        /// <summary>Its real path.</summary>
        public string Path { get; }

        /// <summary>What the system said of it when it was opened.</summary>
        public FileStatus Status { get; }

        /// <summary>Its length in octets when it was opened.</summary>
        public long Length => Status.Length;

        /// <summary>
        /// When the system was last asked whether this is still the file, as <see cref="TimeProvider.System"/> stamps it.
        /// </summary>
        public long CheckedAt
        {
            get => Volatile.Read(ref field);
            set => Volatile.Write(ref field, value);
        }

        /// <summary>Whether it was asked for since whoever keeps it looked last.</summary>
        public bool IsAskedFor { get; set; }

        /// <summary>Whether its descriptor is closed.</summary>
        public bool IsClosed => Volatile.Read(ref _holders) == 0;

        /// <summary>
        /// What clients validate their copies by, as it is now: the tag becomes strong once the last change is long enough ago.
        /// </summary>
        public Validators Validators => Volatile.Read(ref _validators) ?? Judge();

        /// <summary>The fields of a response with the whole file.</summary>
        /// <param name="validators">What this answer tells clients to validate their copies by.</param>
        public Http2Headers Fields(Validators validators)
        {
            if (!ReferenceEquals(validators, _validators))
                return Compute();
            return _fields ??= Compute();

            Http2Headers Compute() => validators.Fields(("content-type", ContentTypes.For(Path)));
        }

        /// <summary>Holds it once more, for as long as its descriptor is needed; false when it is closed already.</summary>
        public bool TryHold()
        {
            var holders = Volatile.Read(ref _holders);
            while (holders > 0)
            {
                var seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
                if (seen == holders)
                    return true;
                holders = seen;
            }
            return false;
        }

        /// <summary>A part of the file as body, which holds it until it is sent or given up. Its maker must hold it meanwhile.</summary>
        public ResponseBody Body(long offset, long length) =>
            length == 0 || _handle is null ? ResponseBody.Empty : ResponseBody.FromFile(_handle, offset, length, Held());

        /// <summary>Several parts as body, held likewise.</summary>
        public ResponseBody Body(MultipartRanges ranges) =>
            _handle is null ? ResponseBody.Empty : ranges.Read(_handle, Held());

        /// <summary>Lets go of it, once for each hold; the last one closes it.</summary>
        public void Dispose()
        {
            if (Interlocked.Decrement(ref _holders) != 0)
                return;
            GC.SuppressFinalize(this);
            _handle?.Dispose();
            _room.Give();
        }

        private File Held() => TryHold() ? this : throw new ObjectDisposedException(Path);

        private Validators Judge()
        {
            var validators = new Validators(Status, DateTime.UtcNow);
            if (validators.IsFinal)
                Volatile.Write(ref _validators, validators);
            return validators;
        }
    }

    /// <summary>A directory named without its slash: relative links in its page would go wrong.</summary>
    public sealed class NeedsSlash : Located
    {
        private NeedsSlash()
        {
        }

        /// <summary>The only one.</summary>
        public static NeedsSlash Instance { get; } = new();
    }

    /// <summary>
    /// Nothing to serve: absent, a directory without an index, a file named with a slash, a link that leads outside, or no regular file.
    /// </summary>
    public sealed class Nothing : Located
    {
        private Nothing()
        {
        }

        /// <summary>The only one.</summary>
        public static Nothing Instance { get; } = new();
    }

    /// <summary>Something that the server may not read.</summary>
    public sealed class Forbidden : Located
    {
        private Forbidden()
        {
        }

        /// <summary>The only one.</summary>
        public static Forbidden Instance { get; } = new();
    }

    /// <summary>
    /// It cannot be opened now, for want of a descriptor or of memory, or because somebody holds a lease on it; soon, perhaps.
    /// </summary>
    public sealed class NotNow : Located
    {
        private NotNow()
        {
        }

        /// <summary>The only one.</summary>
        public static NotNow Instance { get; } = new();
    }

    /// <summary>The system cannot read it: a disk that fails, for instance.</summary>
    public sealed class Unreadable : Located
    {
        private Unreadable()
        {
        }

        /// <summary>The only one.</summary>
        public static Unreadable Instance { get; } = new();
    }
}
