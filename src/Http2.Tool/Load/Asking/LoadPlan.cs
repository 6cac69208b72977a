using Http2.Shell;

namespace Http2.Tool;

/// <summary>What all clients of a run have in common.</summary>
internal sealed record LoadPlan
{
    /// <summary>What was asked for.</summary>
    public required LoadOptions Options { get; init; }

    /// <summary>How clients connect.</summary>
    public required Http2ClientOptions Connecting { get; init; }

    /// <summary>When it is measured.</summary>
    public required MeasuredTime Measured { get; init; }

    /// <summary>What went wrong.</summary>
    public required Complaints Complaints { get; init; }

    /// <summary>Gets lines about connections, or null.</summary>
    public Action<string>? Verbose { get; init; }

    /// <summary>Gets a line for each request, or null.</summary>
    public RequestLog? Log { get; init; }

    /// <summary>Records connections, or null.</summary>
    public FailureRecordings? Recordings { get; init; }

    /// <summary>Is cancelled when the run is over.</summary>
    public required CancellationToken Over { get; init; }
}
