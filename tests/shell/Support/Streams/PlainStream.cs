using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>A stream of no role, with what a test gives it.</summary>
internal sealed class PlainStream : Http2Stream
{
    public PlainStream(uint id = 1, Http2Connection? engine = null)
    {
        StreamId = new StreamId(id);
        if (engine is not null)
            AttachTo(engine);
    }

    public override StreamId StreamId { get; }

    /// <summary>Whether this end has begun to send.</summary>
    public bool HasAnswered { get; set; }

    /// <summary>What the peer owes.</summary>
    public PaceLimit? Pace { get; set; }

    internal override long Weight => 100;

    internal override bool IsTunnel => false;

    internal override bool IsAnswered => HasAnswered;

    internal override bool OwesBody => ExpectsBody && !IsClosed && Pace is not null;

    internal override PaceLimit? IncomingPace => Pace;

    private protected override string WhyNotAttached => "a test has not attached it";

    private protected override StreamExtras NewExtras() => new PlainExtras();

    private sealed class PlainExtras : StreamExtras;
}
