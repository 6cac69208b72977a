using System.Collections.Concurrent;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// Writes a recording of every connection into a folder, a file each. A recording that cannot be written ends with a warning, and its
/// connection goes on: no call throws. Thread-safe.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="warn">Gets warnings, a line each.</param>
internal sealed class RecordingTap(string directory, Action<string> warn) : Http2FrameTap, IDisposable
{
    private readonly ConcurrentDictionary<long, RecordingFile> _open = new();
    private int _run = 1;

    /// <inheritdoc/>
    public override bool TakesInputs => true;

    /// <inheritdoc/>
    public override void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now)
    {
        try
        {
            var run = Volatile.Read(ref _run);
            _open[connection.Id] = RecordingFile.Create(directory, connection.Id, ref run, role, options, now);
            // Two connections may write the number at the same time, and the lower one may stay; the next connection finds the free number again.
            Volatile.Write(ref _run, run);
        }
        catch (Exception failure)
        {
            Say($"a connection is not recorded in '{directory}'", failure);
        }
    }

    /// <inheritdoc/>
    public override void Input(Http2ConnectionInfo connection, Input input)
    {
        if (!_open.TryGetValue(connection.Id, out var recording))
            return;
        try
        {
            recording.Add(input);
        }
        catch (Exception failure)
        {
            Fail(connection.Id, failure);
        }
    }

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets)
    {
        if (_open.TryGetValue(connection.Id, out var recording))
            recording.Sent(octets);
    }

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection) => End(connection.Id);

    /// <summary>Ends what is still open.</summary>
    public void Dispose()
    {
        foreach (var id in _open.Keys)
            End(id);
    }

    private void End(long connection)
    {
        if (!_open.TryGetValue(connection, out var recording))
            return;
        try
        {
            recording.End();
        }
        catch (Exception failure)
        {
            Fail(connection, failure);
            return;
        }
        _open.TryRemove(connection, out _);
        recording.Dispose();
    }

    private void Fail(long connection, Exception failure)
    {
        if (!_open.TryRemove(connection, out var recording))
            return;
        recording.GiveUp();
        recording.Dispose();
        Say($"the recording '{recording.Path}' ends early", failure);
    }

    private void Say(string what, Exception failure) => warn($"option --record: {what}: {failure.Message.TrimEnd('.')}; the connection goes on");
}
