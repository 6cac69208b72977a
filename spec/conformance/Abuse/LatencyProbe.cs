using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// A well-behaved client on a thread of its own: every 20 ms a new connection and a GET. Blocking calls and a thread apart from the pool
/// keep the attacker's own load out of what it measures as far as that can be done in one process.
/// </summary>
internal sealed class LatencyProbe : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ConformanceTarget _target;
    private readonly byte[] _request;
    private readonly Thread _thread;
    private readonly List<double> _milliseconds = [];
    private readonly List<string> _failures = [];
    private volatile bool _stop;

    public LatencyProbe(ConformanceTarget target)
    {
        _target = target;
        _request =
        [
            .. Octet.Magic, .. Octet.Frame(FrameType.Settings, 0, 0),
            .. Octet.Frame(
                FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1,
                FieldBlock.Of((":method", "GET"), (":scheme", target.Scheme), (":path", target.Path), (":authority", target.Authority))),
        ];
        _thread = new Thread(Run) { IsBackground = true, Name = "latency probe", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>How many requests were made.</summary>
    public int Count
    {
        get
        {
            lock (_milliseconds)
                return _milliseconds.Count + _failures.Count;
        }
    }

    /// <summary>Ends the probe and says what it saw.</summary>
    /// <returns>The 99th percentile in milliseconds, and what went wrong, one line each.</returns>
    public (double P99, IReadOnlyList<string> Failures) Finish()
    {
        _stop = true;
        _thread.Join();
        _milliseconds.Sort();
        return (_milliseconds.Count == 0 ? 0 : _milliseconds[Math.Min(_milliseconds.Count - 1, (int)(_milliseconds.Count * 0.99))],
            _failures);
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_stop)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                Ask();
                lock (_milliseconds)
                    _milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (Exception exception) when (exception is IOException or SocketException
                or System.Security.Authentication.AuthenticationException)
            {
                lock (_milliseconds)
                    _failures.Add(exception.Message);
            }
            var left = Interval - Stopwatch.GetElapsedTime(started);
            if (left > TimeSpan.Zero)
                Thread.Sleep(left);
        }
    }

    private void Ask()
    {
        using var socket = _target.UnixSocketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.ReceiveTimeout = socket.SendTimeout = (int)Limit.TotalMilliseconds;
        if (_target.UnixSocketPath is { } path)
            socket.Connect(new UnixDomainSocketEndPoint(path));
        else
            socket.Connect(_target.Host, _target.Port);
        using var stream = Open(socket);
        stream.Write(_request);
        var header = new byte[WireFrame.HeaderLength];
        var payload = new byte[1 << 14];
        while (true)
        {
            stream.ReadExactly(header);
            var length = (int)(BinaryPrimitives.ReadUInt32BigEndian(header) >> 8);
            for (var left = length; left > 0;)
                left -= ReadSome(stream, payload.AsSpan(0, Math.Min(left, payload.Length)));
            var frame = new WireFrame((FrameType)header[3], (FrameFlags)header[4],
                BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(5)), default);
            if (frame.Type is FrameType.GoAway or FrameType.RstStream)
                throw new IOException($"{FrameLine.Name(frame.Type)} instead of a response");
            if (frame.EndsStream)
                return;
        }
    }

    private Stream Open(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        if (!_target.Tls)
            return stream;
        var tls = new SslStream(stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        tls.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = _target.ServerName ?? _target.Host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        });
        return tls;
    }

    private static int ReadSome(Stream stream, Span<byte> into)
    {
        var count = stream.Read(into);
        return count > 0 ? count : throw new IOException("the connection was closed inside a frame");
    }
}
