using System.Globalization;
using Hpack.Pure;
using Http2.Pure;
using Microsoft.Win32.SafeHandles;

namespace Http2.Tool;

/// <summary>
/// The recording of one connection, in a file that was not there before. When writing fails, the recording ends, and the file holds whole
/// entries only. Not thread-safe.
/// </summary>
internal sealed class RecordingFile : IDisposable
{
    private const int BufferSize = 1 << 16;

    // A folder that has so many recordings of the same connection number is taken for a mistake.
    private const int MaxRuns = 100_000;
    private const int ExistsOnUnix = 17, ExistsOnWindows = unchecked((int)0x80070050);

    private readonly OutputBuffer _buffer = new();
    private readonly SafeFileHandle _file;
    private RecordingWriter _writer;
    private SentDigest _sent = SentDigest.Empty;

    // Only whole entries are written, so this offset is always the end of an entry.
    private long _written;

    private RecordingFile(string path, SafeFileHandle file, Role role, ConnectionOptions options, long now)
    {
        (Path, _file) = (path, file);
        _writer = RecordingWriter.Begin(_buffer, role, options, now);
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>Begins a recording in a file of its own; those of earlier runs stay as they are.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="connection">The number of the connection.</param>
    /// <param name="run">The number of the run that is tried first, from 1; on return the number that was free.</param>
    /// <param name="role">Which end is recorded.</param>
    /// <param name="options">What the connection was opened with.</param>
    /// <param name="now">The time when the connection was opened.</param>
    /// <exception cref="IOException">No file can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">No file may be made there.</exception>
    public static RecordingFile Create(string directory, long connection, ref int run, Role role, ConnectionOptions options, long now)
    {
        for (; ; run++)
        {
            var suffix = run == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"-{run}");
            var name = string.Create(CultureInfo.InvariantCulture, $"connection-{connection:d6}{suffix}.h2rec");
            var path = System.IO.Path.Combine(directory, name);
            try
            {
                var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
                return new RecordingFile(path, file, role, options, now);
            }
            catch (IOException failure) when (failure.HResult is ExistsOnUnix or ExistsOnWindows && run < MaxRuns)
            {
            }
        }
    }

    /// <summary>Writes an input.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Add(Input input)
    {
        _writer = _writer.Write(_buffer, input);
        if (_buffer.Length >= BufferSize)
            Flush();
    }

    /// <summary>Counts what was sent.</summary>
    public void Sent(ReadOnlySpan<byte> octets) => _sent = _sent.Add(octets);

    /// <summary>Writes the end.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void End()
    {
        RecordingWriter.End(_buffer, _sent);
        Flush();
    }

    /// <summary>Cuts the file after its last whole entry, or deletes it when it has none.</summary>
    public void GiveUp()
    {
        try
        {
            if (_written > 0)
                RandomAccess.SetLength(_file, _written);
            else
                File.Delete(Path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The file cannot be cut either. A reader takes it up to its last whole entry.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Flush()
    {
        RandomAccess.Write(_file, _buffer.WrittenMemory.Span, _written);
        _written += _buffer.Length;
        _buffer.Truncate(0);
    }
}
