using Hpack.Pure;

namespace Http2.Pure;

/// <summary>What this end sends on a stream. An immutable value.</summary>
internal readonly record struct Outgoing
{
    private Outgoing(OutboundQueue queue) => Queue = queue;

    /// <summary>A message of which nothing was sent or queued.</summary>
    public static Outgoing Nothing { get; } = new(OutboundQueue.Empty);

    /// <summary>The send window of the stream less the initial window of the peer; see <see cref="StreamRecord.Live"/>.</summary>
    public Window Offset { get; init; }

    /// <summary>What the content-length of this end still promises; octets that are queued count as sent.</summary>
    public DeclaredLength Left { get; init; }

    /// <summary>The octets of the body that wait for the window.</summary>
    public OutboundQueue Queue { get; private init; }

    /// <summary>How the message ends when the queue is empty, or null as long as the application may go on with it.</summary>
    public MessageEnd? End { get; init; }

    /// <summary>Whether anything waits to be sent: octets, trailers, or END_STREAM alone.</summary>
    public bool IsWaiting => End is not null || !Queue.IsEmpty;

    /// <summary>With more of the body behind the queue.</summary>
    /// <param name="octets">The octets, or none.</param>
    /// <param name="end">How the message ends behind them, or null when it goes on.</param>
    public Outgoing Add(ReadOnlyMemory<byte> octets, MessageEnd? end) => this with { Queue = Queue.Add(new Octets(octets)), End = end };

    /// <summary>After octets of the queue were sent.</summary>
    /// <param name="octets">How many were sent.</param>
    /// <param name="rest">What is left of the queue.</param>
    public Outgoing Sent(int octets, OutboundQueue rest) => this with { Queue = rest, Offset = Offset.Spend(octets) };

    /// <summary>How much of the queue the window of the stream lets out.</summary>
    /// <param name="initialWindow">The initial window of the peer, in octets.</param>
    public long Sendable(uint initialWindow) => Math.Min(Queue.Length, Offset.Grow(initialWindow).Room);
}
