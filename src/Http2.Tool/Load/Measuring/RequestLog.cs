using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Http2.Tool;

/// <summary>
/// Writes a line for each request that has ended, as h2load does: when it was sent, in microseconds since 1970; its status, or -1 when no whole
/// response came; and how many microseconds it took. Thread-safe.
/// </summary>
internal sealed class RequestLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly long _origin = Stopwatch.GetTimestamp();
    private readonly double _originMicroseconds = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMicroseconds;
    private IOException? _failure;

    /// <summary>Makes the file, or empties it.</summary>
    /// <exception cref="UserErrorException">It cannot be written.</exception>
    public RequestLog(string path)
    {
        try
        {
            _file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserErrorException($"option --log-file: cannot write '{path}': {failure.Message.TrimEnd('.')}");
        }
    }

    /// <summary>Why the log is not whole, or null.</summary>
    public string? Failure => _failure?.Message.TrimEnd('.');

    /// <summary>A request has ended.</summary>
    /// <param name="since">When it was sent, as ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="status">Its status, or -1.</param>
    /// <param name="now">When it has ended.</param>
    public void Write(long since, int status, long now)
    {
        var began = _originMicroseconds + Stopwatch.GetElapsedTime(_origin, since).TotalMicroseconds;
        var took = Stopwatch.GetElapsedTime(since, now).TotalMicroseconds;
        lock (_gate)
            Try(() => _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{began:0}\t{status}\t{took:0}")));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Try(_file.Flush);
            Try(_file.Dispose);
        }
    }

    // A disk that is full ends the log and not the run.
    private void Try(Action write)
    {
        if (_failure is not null)
            return;
        try
        {
            write();
        }
        catch (IOException failure)
        {
            _failure = failure;
        }
    }
}
