using System.Security.Authentication;
using System.Text;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// The server that a case plays to the client that is judged. What it can send stands in <see cref="Frames"/> and <see cref="Serving"/>, what it
/// can expect in <see cref="ClientExpectations"/>. Not thread-safe.
/// </summary>
/// <param name="run">The client.</param>
/// <param name="options">How the run is done.</param>
/// <param name="cancellation">Abandons the case.</param>
internal sealed class ServerEnd(ClientRun run, ConformanceOptions options, CancellationToken cancellation) : Speaker(options, cancellation)
{
    private readonly List<WireFrame> _frames = [];

    /// <summary>The client.</summary>
    public ClientRun Run => run;

    /// <summary>All frames that came, in order.</summary>
    public IReadOnlyList<WireFrame> Traffic => _frames;

    /// <summary>The streams of the requests that came, in order.</summary>
    public IReadOnlyList<uint> Streams => [.. _frames.Where(frame => frame.Type == FrameType.Headers).Select(frame => frame.StreamId).Distinct()];

    /// <summary>How many requests came before the client acknowledged our first SETTINGS: they may not keep to it yet.</summary>
    public int RequestsBeforeAck => _frames.TakeWhile(frame => frame is not { Type: FrameType.Settings, IsAck: true })
        .Count(frame => frame.Type == FrameType.Headers);

    /// <summary>The stream of the first request.</summary>
    public uint StreamId => Streams is [var first, ..] ? first : 1;

    /// <summary>Whether the client takes pushes (RFC 9113 §6.5.2: unless it says otherwise).</summary>
    public bool MayPush => PeerSetting(SettingId.EnablePush) != 0;

    /// <summary>The server's end of a further connection of the same client.</summary>
    public ServerEnd Another() => new(run, Options, Cancellation);

    /// <summary>Takes a connection of the client, unless there is one.</summary>
    /// <param name="choice">What to choose in the TLS handshake; null for what a server ought to.</param>
    /// <exception cref="CaseFailedException">The client does not connect, or the handshake fails.</exception>
    public async Task Accept(TlsChoice? choice = null)
    {
        if (IsConnected)
            return;
        var wanted = run.Client.Tls ? choice ?? new TlsChoice(ServerCertificate.Instance) : null;
        if (!await TryAccept(wanted).ConfigureAwait(false))
            throw Fail("a connection", run.Ending is { } ending ? InWords(ending) : "no connection in time");
    }

    /// <summary>Takes a connection of the client, when it makes one in time.</summary>
    /// <param name="choice">What to choose in the TLS handshake; null for cleartext.</param>
    /// <param name="timeout">How long to wait; null for as long as a program may take to load.</param>
    public async Task<bool> TryAccept(TlsChoice? choice, TimeSpan? timeout = null)
    {
        if (await run.AcceptAsync(timeout).ConfigureAwait(false) is not { } socket)
            return false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            Attach(await RawConnection.AcceptAsync(socket, choice, limit.Token).ConfigureAwait(false));
            return true;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            throw Fail("a TLS handshake", failure.InnerException?.Message ?? failure.Message);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            throw Fail("a TLS handshake", "none in time");
        }
    }

    /// <summary>Reads the octets that a client begins with (RFC 9113 §3.4).</summary>
    /// <exception cref="CaseFailedException">They are others.</exception>
    public async Task Preface()
    {
        await Accept().ConfigureAwait(false);
        var octets = await ReadPreface(Octet.Magic.Length).ConfigureAwait(false);
        Trace.Note($"recv {Encoding.Latin1.GetString(octets).ReplaceLineEndings("\\r\\n")}");
        if (!octets.AsSpan().SequenceEqual(Octet.Magic))
            throw Fail("the client's preface, PRI * HTTP/2.0", octets.Length == 0 ? "nothing" : Encoding.Latin1.GetString(octets));
    }

    /// <summary>Exchanges prefaces: our SETTINGS out, the client's in and acknowledged (RFC 9113 §3.4, §6.5.3).</summary>
    public async Task Handshake(params Setting[] settings)
    {
        await Preface().ConfigureAwait(false);
        this.Settings(settings);
        var (outcome, frame) = await Next().ConfigureAwait(false);
        if (outcome != ReadOutcome.Frame || frame.Type != FrameType.Settings || frame.IsAck)
            throw Fail("SETTINGS as the client's first frame", outcome == ReadOutcome.Frame ? FrameLine.Of(frame) : outcome.InWords());
        this.SettingsAck();
        await Flush().ConfigureAwait(false);
    }

    /// <summary>Exchanges prefaces and waits for the first request: for all of a GET, for the head of an upload.</summary>
    public async Task<ReceivedStream> Requested(params Setting[] settings)
    {
        await Handshake(settings).ConfigureAwait(false);
        return await NextRequest(0).ConfigureAwait(false);
    }

    /// <summary>Exchanges prefaces and waits for several requests.</summary>
    /// <param name="count">How many.</param>
    /// <param name="settings">What to announce.</param>
    /// <exception cref="CaseSkippedException">The client sends fewer before the first has been answered.</exception>
    public async Task RequestedSeveral(int count, params Setting[] settings)
    {
        await Requested(settings).ConfigureAwait(false);
        for (var i = 1; i < count; i++)
            await NextRequest(i).ConfigureAwait(false);
    }

    /// <summary>Waits for a request.</summary>
    /// <param name="index">Its place among the requests of the connection, from 0.</param>
    /// <exception cref="CaseSkippedException">It is not the first, and the client sends no more of them on this connection.</exception>
    public async Task<ReceivedStream> NextRequest(int index)
    {
        while (Streams.Count <= index || On(Streams[index]) is not { SectionCount: > 0 } request || !(request.Ended || run.Task == ClientTask.Upload))
        {
            var (outcome, frame) = await Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame && index > 0 && FaultTold is null)
                throw Skip("the client does not send several requests on one connection at a time");
            if (outcome != ReadOutcome.Frame)
                throw Fail("a request", outcome.InWords());
            if (frame.Type == FrameType.GoAway)
                throw Fail("a request", FrameLine.Of(frame));
        }
        return On(Streams[index]);
    }

    /// <summary>The end of a client in words.</summary>
    public static string InWords(ClientEnding ending)
    {
        var said = ending.Errors.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
        return $"the client ended with exit code {ending.ExitCode}{(said is null ? "" : $": {said}")}";
    }

    /// <inheritdoc/>
    protected override Task Open() => Accept();

    /// <inheritdoc/>
    protected override void Heed(in WireFrame frame)
    {
        if (Records)
            _frames.Add(frame);
        if (frame is { Type: FrameType.Ping, IsAck: false, Length: 8 })
            this.Frame(FrameType.Ping, FrameFlags.Ack, 0, frame.Payload.Span);
        base.Heed(frame);
    }
}
