using System.Net.Sockets;
using System.Security.Authentication;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// A client that does what a case tells it, right or wrong, and looks at what comes back. What is sent is gathered and goes out in one
/// write with the next expectation. Not thread-safe.
/// </summary>
internal sealed partial class Probe : IAsyncDisposable
{
    /// <summary>The window that a connection and, until SETTINGS say otherwise, a stream starts with (RFC 9113 §6.9.2).</summary>
    public const int DefaultWindow = 65535;

    private readonly RunContext _context;
    private readonly CancellationToken _cancellation;
    private readonly OutputBuffer _outgoing = new();
    private readonly List<Setting> _peerSettings = [];
    private RawConnection? _connection;
    private FrameReader? _reader;

    public Probe(RunContext context, CancellationToken cancellation)
    {
        _context = context;
        _cancellation = cancellation;
        Random = new Random(context.Options.Seed);
    }

    public ConformanceTarget Target => _context.Target;

    public ConformanceOptions Options => _context.Options;

    public CancellationToken Cancellation => _cancellation;

    /// <summary>How long one wait for the server lasts.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>Reproducible randomness: equal seeds, equal octets.</summary>
    public Random Random { get; }

    public Trace Trace { get; } = new();

    public string LocalAddress => _connection?.LocalAddress ?? "";

    public RawConnection Connection => _connection ?? throw new InvalidOperationException("The probe is not connected.");

    /// <summary>Whether the server ended the connection, or a wait for it was in vain.</summary>
    public bool Ended { get; private set; }

    /// <summary>The server's settings so far, in the order in which they came.</summary>
    public IReadOnlyList<Setting> PeerSettings => _peerSettings;

    /// <summary>The last value that the server announced for <paramref name="id"/>, or null.</summary>
    public uint? PeerSetting(SettingId id)
    {
        for (var i = _peerSettings.Count - 1; i >= 0; i--)
        {
            if (_peerSettings[i].Id == id)
                return _peerSettings[i].Value;
        }
        return null;
    }

    /// <summary>The largest frame payload that the server takes (RFC 9113 §4.2).</summary>
    public int PeerMaxFrameSize => (int)(PeerSetting(SettingId.MaxFrameSize) ?? 16384);

    /// <summary>Ends the case as not applicable.</summary>
    public static Exception Skip(string reason) => new CaseSkippedException(reason);

    /// <summary>Ends the case as failed.</summary>
    public static Exception Fail(string expected, string actual) => new CaseFailedException([expected], actual);

    /// <summary>A second client of the same target, on a connection of its own.</summary>
    public Probe Another() => new(_context, _cancellation) { Timeout = Timeout };

    /// <summary>A client of another server, on a connection of its own.</summary>
    public Probe Of(ConformanceTarget target) => new(new RunContext(target, Options), _cancellation) { Timeout = Timeout };

    /// <summary>A server of the case's own, which it may stop.</summary>
    public Task<ITargetInstance> Spawn() => Target.Spawn is { } spawn
        ? spawn(_cancellation)
        : throw Skip("the case stops its server and needs one of its own: use --exec with {port} in the command");

    /// <summary>Whether a connection can be made and a request is answered on it.</summary>
    public async Task<bool> IsServed()
    {
        try
        {
            await Handshake().ConfigureAwait(false);
            Request(1);
            return (await Response(1).ConfigureAwait(false)).Status is not null;
        }
        catch (CaseFailedException)
        {
            return false;
        }
    }

    /// <summary>How long the body at the target's path is; the case is skipped when shorter than <paramref name="needed"/>.</summary>
    public async Task NeedBody(int needed = 1)
    {
        var length = await _context.BodyLengthAsync(Target.Path, _cancellation).ConfigureAwait(false);
        if (length < 0)
            throw Fail("a complete response to a GET request", "no complete response");
        if (length < needed)
            throw Skip($"the body at {Target.Path} has {length} octets, the case needs {needed}");
    }

    /// <summary>The body at the target's path must leave some of an initial window unused.</summary>
    public async Task NeedShortBody()
    {
        if (await _context.BodyLengthAsync(Target.Path, _cancellation).ConfigureAwait(false) is >= DefaultWindow and var length)
            throw Skip($"the body at {Target.Path} has {length} octets, the case needs fewer than {DefaultWindow}");
    }

    /// <summary>The path of a resource that the case cannot do without.</summary>
    public static string Need(string? path, string what) =>
        path ?? throw Skip($"the target has no {what}; name one with --resource {what}=PATH, or use --profile demo");

    public async Task Connect(TlsOffer? offer = null, bool plain = false, int? receiveBuffer = null)
    {
        if (_connection is not null)
            return;
        if (Timeout == default)
            Timeout = Options.Timeout;
        try
        {
            _connection = await RawConnection.ConnectAsync(Target, Timeout, _cancellation, offer, plain, receiveBuffer)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            throw Fail("a connection", $"no connection within {Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (offer is null && exception is SocketException or AuthenticationException or IOException)
        {
            throw Fail("a connection", exception.InnerException?.Message ?? exception.Message);
        }
        _reader = new FrameReader(_connection);
    }

    /// <summary>
    /// Connects and exchanges prefaces: our SETTINGS out and acknowledged, the server's in and acknowledged (RFC 9113 §3.4, §6.5.3).
    /// </summary>
    public async Task Handshake(params Setting[] settings)
    {
        await Connect().ConfigureAwait(false);
        Magic();
        await HandshakeAfterMagic(settings).ConfigureAwait(false);
    }

    /// <summary>The rest of <see cref="Handshake"/>, for a case that sent the first octets itself.</summary>
    public async Task HandshakeAfterMagic(params Setting[] settings)
    {
        Settings(settings.Length > 0 ? settings : [new(SettingId.InitialWindowSize, DefaultWindow)]);
        var acknowledged = false;
        var announced = false;
        while (!(acknowledged && announced))
        {
            var (outcome, frame) = await Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
                throw Fail("SETTINGS, and SETTINGS acknowledging ours", Describe(outcome));
            if (frame.Type != FrameType.Settings)
                continue;
            if (frame.IsAck)
            {
                acknowledged = true;
                continue;
            }
            announced = true;
            SettingsAck();
        }
        await Flush().ConfigureAwait(false);
    }

    /// <summary>Sends what was gathered. When the server no longer reads, that shows in what is read next, not here.</summary>
    public async Task Flush()
    {
        if (_outgoing.Length == 0)
            return;
        await Connect().ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            await Connection.SendAsync(_outgoing.WrittenMemory, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException
            or ObjectDisposedException or InvalidOperationException)
        {
            Trace.Note("the server takes no more octets");
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            Trace.Note("the server does not read");
        }
        finally
        {
            _outgoing.Truncate(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private static string Describe(ReadOutcome outcome) => outcome switch
    {
        ReadOutcome.Closed => "connection closed",
        ReadOutcome.Broken => "connection closed inside a frame",
        _ => "nothing within the timeout",
    };
}
