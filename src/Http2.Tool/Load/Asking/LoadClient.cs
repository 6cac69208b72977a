using System.Diagnostics;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// One client: it keeps as many requests open on its connection as its pace and its limit of streams allow. When the server ends the connection, it
/// makes another one. Callbacks come on the thread that runs the connection, the passing of time on another: what they share lies under a lock.
/// </summary>
/// <param name="plan">What all clients have in common.</param>
/// <param name="pace">When it sends requests.</param>
/// <param name="cancelling">Which of its requests are cancelled on purpose.</param>
internal sealed class LoadClient(LoadPlan plan, Pace pace, Cancelling cancelling)
{
    private static readonly TimeSpan PauseBetweenConnections = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly LoadOptions _options = plan.Options;
    private readonly SlowReading? _slow = plan.Options.ReadRate is { } rate ? new SlowReading(rate) : null;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Http2ClientConnection? _connection;
    private TaskCompletionSource _idle = new();
    private int _next, _open;
    private long _began, _connected, _active;
    private bool _isLate, _isSpent;

    // Requests that have come to their end, on all connections.
    private long _ended;

    /// <summary>What came of its requests.</summary>
    public Tally Tally { get; } = new();

    /// <summary>What its connections took.</summary>
    public ClientTimes Times { get; } = new();

    /// <summary>When it sends requests.</summary>
    public Pace Pace => pace;

    /// <summary>Completes when it has its first connection, or will have none.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when its connections are closed, once it has done.</summary>
    public Task Closing { get; private set; } = Task.CompletedTask;

    /// <summary>How many of its requests were open when the run was over.</summary>
    public int OpenAtEnd { get; private set; }

    /// <summary>Sends all requests, until they are done, no connection can be made any more, or the run is over.</summary>
    public async Task RunAsync()
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            while (await TryServeAsync().ConfigureAwait(false))
            {
                // On another connection.
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
        _ready.TrySetResult();
        Times.Active = Stopwatch.GetElapsedTime(began);
        if (plan.Over.IsCancellationRequested || _options.Duration is not null)
            return;
        Tally.Failed += pace.Left;
        Tally.Errored += pace.Left;
        Tally.TimedOut += _isLate ? pace.Left : 0;
    }

    /// <summary>Time has passed: what is due is sent, and a connection that takes too long is ended.</summary>
    /// <param name="now">The time, as ticks of <see cref="Stopwatch"/>.</param>
    public void Look(long now)
    {
        Http2ClientConnection? late = null;
        lock (_gate)
        {
            pace.Look(now);
            if (_connection is null)
                return;
            _slow?.Look(now);
            SendDue(now);
            if (!_isLate && (IsPast(_options.ActiveTimeout, _connected, now) || IsPast(_options.InactivityTimeout, _active, now)))
                (late, _isLate) = (_connection, true);
        }
        if (late is not null)
            _ = late.DisposeAsync().AsTask();
    }

    /// <summary>The run is over, and what ends from here on does not count.</summary>
    public void NoteEnd()
    {
        lock (_gate)
            OpenAtEnd = _open;
    }

    /// <summary>The head of a response has come.</summary>
    public void OnHead(LoadResponse response)
    {
        Times.Answered(_began);
        if (!plan.Measured.IsOn)
            return;
        Tally.CountStatus(response.Status);
        Tally.FieldOctets += response.FieldOctets;
    }

    /// <summary>Octets of a body have come.</summary>
    public void OnData(LoadResponse response, int octets)
    {
        if (plan.Measured.IsOn)
            Tally.DataOctets += octets;
        if (_slow is null)
            response.Credit(octets);
        if (_slow is null && _options.InactivityTimeout is null)
            return;
        lock (_gate)
        {
            _active = Stopwatch.GetTimestamp();
            _slow?.Add(response, octets);
        }
    }

    /// <summary>A request has come to its end.</summary>
    /// <param name="response">The request.</param>
    /// <param name="code">The code with which its stream was closed.</param>
    /// <param name="failure">Why it has no whole response, or null.</param>
    public void OnEnd(LoadResponse response, ErrorCode code, Exception? failure)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            _open--;
            _active = now;
            if (IsLeftOut(response, failure))
            {
                // It is sent again, on another connection, but measured from when it was first sent.
                _isSpent = true;
                pace.GiveBack(response.Since);
                Tally.SentAgain++;
            }
            else
            {
                _ended++;
                if (plan.Measured.IsOn)
                    Count(response, code, failure, now);
            }
            SendDue(now);
            if (_open == 0 && (pace.Left == 0 || !MaySend))
                _idle.TrySetResult();
        }
    }

    private bool MaySend => !_isSpent && _connection is { IsOpen: true };

    // The connection is going away without it: one end has said so, or identifiers are used up.
    private bool IsLeftOut(LoadResponse response, Exception? failure) =>
        failure is Http2NotProcessedException && !_isLate && (response.StreamId.IsConnection || _connection is { GoAway: not null });

    // False when the client has done.
    private async Task<bool> TryServeAsync()
    {
        var isFirst = Times.Connecting.Count == 0;
        try
        {
            return await ServeAsync().ConfigureAwait(false);
        }
        catch (Http2ConnectException failure)
        {
            plan.Complaints.Add(failure.Message);
            Times.ConnectionsFailed++;
            if (isFirst || _options.Duration is null)
                return false;
            // The server is being started again, maybe.
            await Task.Delay(PauseBetweenConnections, plan.Over).ConfigureAwait(false);
            return true;
        }
    }

    private async Task<bool> ServeAsync()
    {
        _began = Stopwatch.GetTimestamp();
        var connection = await Http2ClientConnection.ConnectAsync(_options.Origin, plan.Connecting, plan.Over).ConfigureAwait(false);
        try
        {
            _connected = _active = Stopwatch.GetTimestamp();
            Times.Connected(Stopwatch.GetElapsedTime(_began, _connected));
            plan.Verbose?.Invoke(Describe(connection));
            var endedBefore = _ended;
            Begin(connection);
            _ready.TrySetResult();
            await Task.WhenAny(_idle.Task, connection.Ended).WaitAsync(plan.Over).ConfigureAwait(false);
            lock (_gate)
            {
                _connection = null;
                // A server that ends every connection without having answered anything would be asked for ever.
                return pace.Left > 0 && !_isLate && _ended > endedBefore;
            }
        }
        finally
        {
            // How long that takes is not measured.
            Closing = Task.WhenAll(Closing, connection.DisposeAsync().AsTask());
        }
    }

    private static string Describe(Http2ClientConnection connection)
    {
        var info = connection.Info;
        return $"{connection} at {info.RemoteAddress}{(info.IsTls ? $", {info.TlsProtocol}, {info.CipherSuite}" : "")}";
    }

    private void Begin(Http2ClientConnection connection)
    {
        lock (_gate)
        {
            _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (_connection, _isSpent) = (connection, false);
            pace.Begin(_connected);
            SendDue(_connected);
            if (_open == 0 && pace.Left == 0)
                _idle.TrySetResult();
        }
    }

    private void SendDue(long now)
    {
        if (!MaySend || plan.Over.IsCancellationRequested)
            return;
        while (_open < _options.Streams && pace.TryTake(now, out var since))
        {
            var request = _options.Requests[_next].Request;
            _next = _next + 1 == _options.Requests.Count ? 0 : _next + 1;
            var response = new LoadResponse(this, since, cancelling.Next());
            _open++;
            _connection!.Send(request, response);
            if (response.Cancelled == Cancelled.AtOnce)
                response.Reset(ErrorCode.Cancel);
        }
    }

    private void Count(LoadResponse response, ErrorCode code, Exception? failure, long now)
    {
        Tally.Done++;
        if (failure is null)
        {
            Tally.Latency.Add(ClientTimes.NanosecondsOf(Stopwatch.GetElapsedTime(response.Since, now)));
            var isGood = response.Status is >= 200 and < 400 && IsGoodCall(response);
            Tally.Succeeded += isGood ? 1 : 0;
            Tally.Failed += isGood ? 0 : 1;
            Keep(isGood);
        }
        else if (response.CloseReason is { Cause: Http2CloseCause.ApplicationReset })
        {
            Tally.Cancelled++;
        }
        else
        {
            Tally.Failed++;
            Tally.Errored++;
            Tally.TimedOut += _isLate ? 1 : 0;
            Tally.CountReset(code);
            plan.Complaints.Add(failure.Message);
            Keep(isGood: false);
        }
        plan.Log?.Write(response.Since, failure is null ? response.Status : -1, now);
    }

    private bool IsGoodCall(LoadResponse response)
    {
        if (!_options.IsGrpc)
            return true;
        var status = response.Trailers["grpc-status"] ?? response.Headers["grpc-status"] ?? "";
        Tally.CountGrpc(status);
        return status == "0";
    }

    private void Keep(bool isGood)
    {
        if (!isGood && _connection is { } connection)
            plan.Recordings?.Keep(connection.Info.Id);
    }

    private static bool IsPast(TimeSpan? limit, long since, long now) => limit is { } most && Stopwatch.GetElapsedTime(since, now) > most;
}
