namespace Http2.Shell.Tests;

/// <summary>A body whose source does, one time after the other that it is asked, what a test has put down.</summary>
/// <param name="fills">What it does; when it is asked more often it fails.</param>
internal sealed class ScriptedBody(params Func<Memory<byte>, ValueTask<BodyRead>>[] fills) : ResponseBody
{
    private readonly Queue<Func<Memory<byte>, ValueTask<BodyRead>>> _fills = new(fills);

    public override long Length => -1;

    /// <summary>Whether a body of a known length ends with its last octet.</summary>
    public bool EndsByLength { get; init; }

    /// <summary>How many octets the source keeps ready itself.</summary>
    public int KeptAhead { get; init; }

    /// <summary>How many octets the connection asked the source to keep ready.</summary>
    public int AskedAhead { get; private set; }

    /// <summary>How large the room was, each time that the source was asked.</summary>
    public List<int> Rooms { get; } = [];

    /// <summary>The token that came with the last of them.</summary>
    public CancellationToken Token { get; private set; }

    /// <summary>Says that the source has something again.</summary>
    public Action Wake { get; private set; } = static () => { };

    /// <summary>How often the source was disposed of.</summary>
    public int Disposals { get; private set; }

    /// <summary>What happens when it is.</summary>
    public Func<ValueTask> OnDispose { get; init; } = static () => default;

    public static ValueTask<BodyRead> Deferred(Memory<byte> room) => new(BodyRead.Deferred);

    public static ValueTask<BodyRead> End(Memory<byte> room) => new(BodyRead.End);

    public static ValueTask<BodyRead> Full(Memory<byte> room) => new(BodyRead.Data(room.Length));

    public static Func<Memory<byte>, ValueTask<BodyRead>> Data(int octets) => _ => new(BodyRead.Data(octets));

    public static Func<Memory<byte>, ValueTask<BodyRead>> Last(int octets, Http2Headers? trailers = null) =>
        _ => new(BodyRead.Last(octets, trailers));

    internal override BodySource Open(out ReadOnlyMemory<byte> octets)
    {
        octets = default;
        return new Source(this);
    }

    internal override void Discard()
    {
    }

    private sealed class Source(ScriptedBody body) : BodySource
    {
        public override bool EndsByLength => body.EndsByLength;

        public override ValueTask<BodyRead> FillAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            body.Rooms.Add(buffer.Length);
            body.Token = cancellation;
            return body._fills.TryDequeue(out var fill) ? fill(buffer) : throw new InvalidOperationException("asked too often");
        }

        public override int KeepAhead(int octets)
        {
            body.AskedAhead = octets;
            return body.KeptAhead;
        }

        public override void WhenResumed(Action wake) => body.Wake = wake;

        public override ValueTask DisposeAsync()
        {
            body.Disposals++;
            return body.OnDispose();
        }
    }
}
