using Http2.Pure;

namespace Http2.Tool;

/// <summary>
/// What came of requests. Each client has its own, which one thread writes at a time; whoever shows progress reads it meanwhile and sees counts of a
/// moment ago. At the end all are added up.
/// </summary>
internal sealed class Tally
{
    private readonly Dictionary<int, long> _statuses = [];
    private readonly Dictionary<ErrorCode, long> _resets = [];
    private readonly Dictionary<string, long> _grpcStatuses = new(StringComparer.Ordinal);
    private int _lastStatus;
    private long _lastStatusCount;

    /// <summary>Requests that have come to an end, whichever.</summary>
    public long Done { get; set; }

    /// <summary>Requests whose whole response came with a status of 2xx or 3xx, and with gRPC the status 0.</summary>
    public long Succeeded { get; set; }

    /// <summary>All others that have come to an end but those that were cancelled on purpose.</summary>
    public long Failed { get; set; }

    /// <summary>Of those that failed, the ones that got no whole response.</summary>
    public long Errored { get; set; }

    /// <summary>Of those that got no whole response, the ones whose connection was closed because it took too long.</summary>
    public long TimedOut { get; set; }

    /// <summary>Requests that were cancelled on purpose before their response was whole.</summary>
    public long Cancelled { get; set; }

    /// <summary>Requests that a server going away did not process, so that they were sent again.</summary>
    public long SentAgain { get; set; }

    /// <summary>Octets of bodies.</summary>
    public long DataOctets { get; set; }

    /// <summary>Octets of header and trailer fields as names and values, before compression.</summary>
    public long FieldOctets { get; set; }

    /// <summary>How long requests took whose whole response came.</summary>
    public Histogram Latency { get; } = new();

    /// <summary>How many responses had which status.</summary>
    public IReadOnlyDictionary<int, long> Statuses
    {
        get
        {
            KeepLastStatus();
            return _statuses;
        }
    }

    /// <summary>How many streams were reset, or lost with their connection, with which code.</summary>
    public IReadOnlyDictionary<ErrorCode, long> Resets => _resets;

    /// <summary>How many calls ended with which value of <c>grpc-status</c>; an empty one stands for none.</summary>
    public IReadOnlyDictionary<string, long> GrpcStatuses => _grpcStatuses;

    /// <summary>Counts the status of a response.</summary>
    public void CountStatus(int status)
    {
        // Nearly all responses of a run have the same one.
        if (status != _lastStatus)
        {
            KeepLastStatus();
            _lastStatus = status;
        }
        _lastStatusCount++;
    }

    /// <summary>Counts a stream that was reset.</summary>
    public void CountReset(ErrorCode code) => _resets[code] = _resets.GetValueOrDefault(code) + 1;

    /// <summary>Counts the end of a call of gRPC.</summary>
    public void CountGrpc(string status) => _grpcStatuses[status] = _grpcStatuses.GetValueOrDefault(status) + 1;

    /// <summary>Adds another one to this.</summary>
    public void AddAll(Tally other)
    {
        Done += other.Done;
        Succeeded += other.Succeeded;
        Failed += other.Failed;
        Errored += other.Errored;
        TimedOut += other.TimedOut;
        Cancelled += other.Cancelled;
        SentAgain += other.SentAgain;
        DataOctets += other.DataOctets;
        FieldOctets += other.FieldOctets;
        Latency.AddAll(other.Latency);
        foreach (var (status, count) in other.Statuses)
            _statuses[status] = _statuses.GetValueOrDefault(status) + count;
        foreach (var (code, count) in other._resets)
            _resets[code] = _resets.GetValueOrDefault(code) + count;
        foreach (var (status, count) in other._grpcStatuses)
            _grpcStatuses[status] = _grpcStatuses.GetValueOrDefault(status) + count;
    }

    private void KeepLastStatus()
    {
        if (_lastStatusCount > 0)
            _statuses[_lastStatus] = _statuses.GetValueOrDefault(_lastStatus) + _lastStatusCount;
        _lastStatusCount = 0;
    }
}
