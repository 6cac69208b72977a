using System.Net.Sockets;
using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// One end of a connection that does what a case tells it, right or wrong, and looks at what comes back. What is sent is gathered and goes
/// out in one write with the next expectation. What both ends can send stands in <see cref="Frames"/>, what they can expect in
/// <see cref="Expectations"/>. Not thread-safe.
/// </summary>
/// <param name="options">How the run is done.</param>
/// <param name="cancellation">Abandons the case.</param>
internal abstract class Speaker(ConformanceOptions options, CancellationToken cancellation) : IAsyncDisposable
{
    /// <summary>The octets of a fence's PING without its number: "fence" in ASCII.</summary>
    private const ulong FenceOpaque = 0x6665_6e63_6500_0000;

    private const int MostWordsShown = 80;

    private readonly OutputBuffer _outgoing = new();
    private readonly List<Setting> _peerSettings = [];
    private readonly OwnWindows _ownWindows = new();
    private readonly ReceivedMessages _received = new();
    private ulong _fences;
    private RawConnection? _connection;
    private FrameReader? _reader;

    /// <summary>How the run is done.</summary>
    public ConformanceOptions Options => options;

    /// <summary>Abandons the case.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>How long one wait for the peer lasts.</summary>
    public TimeSpan Timeout { get; set; } = options.Timeout;

    /// <summary>Reproducible randomness: equal seeds, equal octets.</summary>
    public Random Random { get; } = new(options.Seed);

    public Trace Trace { get; } = new();

    /// <summary>What the case measured, in words, for the reports.</summary>
    public List<string> Measured { get; } = [];

    /// <summary>The connection.</summary>
    /// <exception cref="InvalidOperationException">There is none yet.</exception>
    public RawConnection Connection => _connection ?? throw new InvalidOperationException("There is no connection yet.");

    /// <summary>Whether there is a connection.</summary>
    protected bool IsConnected => _connection is not null;

    /// <summary>Whether the peer ended the connection, or a wait for it was in vain.</summary>
    public bool Ended { get; private set; }

    /// <summary>Whether the peer has ended the connection or said with GOAWAY that it will.</summary>
    public bool IsGoingAway { get; private set; }

    /// <summary>The peer's settings so far, in the order in which they came.</summary>
    public IReadOnlyList<Setting> PeerSettings => _peerSettings;

    /// <summary>The largest frame payload that the peer takes (RFC 9113 §4.2).</summary>
    public int PeerMaxFrameSize => (int)(PeerSetting(SettingId.MaxFrameSize) ?? 16384);

    /// <summary>What may be sent to the peer.</summary>
    public PeerWindows PeerWindows { get; } = new();

    /// <summary>Whether received DATA is paid for with WINDOW_UPDATE, as an endpoint that reads does (RFC 9113 §5.2).</summary>
    public bool GrantsWindow { get; set; } = true;

    /// <summary>Whether what comes is kept by stream; a flood has no use for it.</summary>
    public bool Records { get; set; } = true;

    /// <summary>The field blocks received so far.</summary>
    public FieldHistory History => _received.History;

    /// <summary>How many octets wait to be sent.</summary>
    public int Gathered => _outgoing.Length;

    /// <summary>The last error code that the peer gave in GOAWAY or RST_STREAM, NO_ERROR apart; null when it gave none.</summary>
    public ErrorCode? FaultTold { get; private set; }

    /// <summary>What arrived and is not a whole frame, as text: of use when the peer did not speak HTTP/2.</summary>
    public string Unframed => _reader is null ? ""
        : Encoding.Latin1.GetString(_reader.Rest.Span[..Math.Min(MostWordsShown, _reader.Rest.Length)]);

    /// <summary>Ends the case as not applicable.</summary>
    public static Exception Skip(string reason) => new CaseSkippedException(reason);

    /// <summary>Ends the case as failed.</summary>
    public static Exception Fail(string expected, string actual) => new CaseFailedException([expected], actual);

    /// <summary>The last value that the peer announced for <paramref name="id"/>, or null.</summary>
    public uint? PeerSetting(SettingId id)
    {
        for (var i = _peerSettings.Count - 1; i >= 0; i--)
        {
            if (_peerSettings[i].Id == id)
                return _peerSettings[i].Value;
        }
        return null;
    }

    /// <summary>What came back on a stream so far.</summary>
    public ReceivedStream On(uint streamId) => _received.On(streamId);

    /// <summary>Any frame at all, to be sent.</summary>
    public void Frame(FrameType type, FrameFlags flags, uint streamId, params ReadOnlySpan<byte> payload)
    {
        var octets = Octet.Frame(type, flags, streamId, payload);
        Trace.Sent(new WireFrame(type, flags, streamId & 0x7fffffff, octets.AsMemory(WireFrame.HeaderLength)));
        _outgoing.Write(octets);
    }

    /// <summary>Any octets at all, to be sent.</summary>
    public void Octets(ReadOnlySpan<byte> octets, string what)
    {
        Trace.SentOctets(what, octets);
        _outgoing.Write(octets);
    }

    /// <summary>The opaque octets of a PING that was not used before, to mark a place in what is sent.</summary>
    public ulong NextFence() => FenceOpaque + ++_fences;

    /// <summary>Sends a PING; its answer shows that the peer has worked through all that was sent before it.</summary>
    public ulong Fence()
    {
        var fence = NextFence();
        this.Ping(fence);
        return fence;
    }

    /// <summary>Sends what was gathered. When the peer no longer reads, that shows in what is read next, not here.</summary>
    public async Task Flush()
    {
        if (_outgoing.Length == 0)
            return;
        await Open().ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            await Connection.SendAsync(_outgoing.WrittenMemory, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException
            or ObjectDisposedException or InvalidOperationException)
        {
            Trace.Note("the peer takes no more octets");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Trace.Note("the peer does not read");
        }
        finally
        {
            _outgoing.Truncate(0);
        }
    }

    /// <summary>Sends what was gathered, then reads one frame. After anything but a frame the connection counts as ended.</summary>
    public async Task<(ReadOutcome Outcome, WireFrame Frame)> Next(TimeSpan? timeout = null)
    {
        await Flush().ConfigureAwait(false);
        await Open().ConfigureAwait(false);
        var (outcome, frame) = await _reader!.ReadAsync(timeout ?? Timeout, cancellation).ConfigureAwait(false);
        if (outcome != ReadOutcome.Frame)
        {
            Ended |= outcome != ReadOutcome.TimedOut || timeout is null;
            IsGoingAway |= outcome != ReadOutcome.TimedOut;
            Trace.Note(outcome.InWords());
            return (outcome, frame);
        }
        Trace.Received(frame);
        if (Records)
            _received.Take(frame);
        Heed(frame);
        return (outcome, frame);
    }

    /// <summary>Reads octets that are no frames: at least so many, or what there is when the peer closes or the time is up.</summary>
    public async Task<byte[]> ReadOctets(int count, TimeSpan timeout)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var octets = new List<byte>();
        var buffer = new byte[4096];
        try
        {
            while (octets.Count < count)
            {
                var read = await Connection.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
                if (read == 0)
                    break;
                octets.AddRange(buffer.AsSpan(0, read));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // What came in time is judged.
        }
        return [.. octets];
    }

    /// <summary>Reads octets that come before the first frame: so many, or fewer when the peer closes or the time is up.</summary>
    public async Task<byte[]> ReadPreface(int count)
    {
        await Open().ConfigureAwait(false);
        return await _reader!.ReadOctetsAsync(count, Timeout, cancellation).ConfigureAwait(false);
    }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Makes the connection, unless there is one.</summary>
    protected abstract Task Open();

    /// <summary>Speaks on a connection from now on.</summary>
    protected void Attach(RawConnection connection)
    {
        _connection = connection;
        _reader = new FrameReader(connection);
    }

    /// <summary>Does what every endpoint does with a frame, whatever the case is about.</summary>
    protected virtual void Heed(in WireFrame frame)
    {
        if (frame.Type is FrameType.GoAway or FrameType.RstStream && frame.ErrorCode is { } code and not ErrorCode.NoError)
            FaultTold = code;
        switch (frame.Type)
        {
            case FrameType.WindowUpdate:
                PeerWindows.Take(frame);
                break;
            case FrameType.GoAway:
                IsGoingAway = true;
                break;
            case FrameType.Data when GrantsWindow:
                Grant(frame.StreamId, frame.Length);
                Grant(0, frame.Length);
                break;
            case FrameType.Settings when !frame.IsAck:
                _peerSettings.AddRange(frame.Settings);
                break;
        }
    }

    private void Grant(uint streamId, int octets)
    {
        if (_ownWindows.Spend(streamId, octets) is > 0 and var increment)
            this.WindowUpdate(streamId, increment);
    }
}
