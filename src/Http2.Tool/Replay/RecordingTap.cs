using System.Collections.Concurrent;
using System.Globalization;
using Hpack.Pure;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Writes a recording of every connection into a directory, a file each, entry by entry. Thread-safe.</summary>
internal sealed class RecordingTap(string directory) : Http2FrameTap, IDisposable
{
    private readonly ConcurrentDictionary<long, OneRecording> _open = new();

    /// <inheritdoc/>
    public override bool TakesInputs => true;

    /// <inheritdoc/>
    public override void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"connection-{connection.Id:d6}.h2rec");
        _open[connection.Id] = new OneRecording(Path.Combine(directory, name), role, options, now);
    }

    /// <inheritdoc/>
    public override void Input(Http2ConnectionInfo connection, Input input)
    {
        if (_open.TryGetValue(connection.Id, out var recording))
            recording.Add(input);
    }

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        if (_open.TryGetValue(connection.Id, out var recording))
            recording.Sent(octets);
    }

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection)
    {
        if (_open.TryRemove(connection.Id, out var recording))
            recording.Dispose();
    }

    /// <summary>Ends what is still open.</summary>
    public void Dispose()
    {
        foreach (var recording in _open.Values)
            recording.Dispose();
        _open.Clear();
    }

    /// <summary>The file of one connection. Its calls come one at a time.</summary>
    private sealed class OneRecording : IDisposable
    {
        private readonly OutputBuffer _buffer = new();
        private readonly FileStream _file;
        private RecordingWriter _writer;
        private SentDigest _sent = SentDigest.Empty;
        private bool _ended, _broken;

        public OneRecording(string path, Role role, ConnectionOptions options, long now)
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
            _writer = RecordingWriter.Begin(_buffer, role, options, now);
            Flush();
        }

        public void Add(Input input)
        {
            _writer = _writer.Write(_buffer, input);
            Flush();
        }

        public void Sent(ReadOnlySpan<byte> octets) => _sent = _sent.Add(octets);

        public void Dispose()
        {
            if (_ended)
                return;
            _ended = true;
            RecordingWriter.End(_buffer, _sent);
            Flush();
            _file.Dispose();
        }

        // a full disk ends the recording, not the connection: what is there is readable up to its last whole entry
        private void Flush()
        {
            try
            {
                if (!_broken)
                    _file.Write(_buffer.WrittenMemory.Span);
            }
            catch (IOException)
            {
                _broken = true;
            }
            _buffer.Truncate(0);
        }
    }
}
