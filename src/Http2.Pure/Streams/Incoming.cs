namespace Http2.Pure;

/// <summary>What the peer sends on a stream. An immutable value.</summary>
internal readonly record struct Incoming
{
    /// <summary>The send window of the peer less the initial window of this end; see <see cref="StreamRecord.Live"/>.</summary>
    public Window Offset { get; private init; }

    /// <summary>What the content-length of the peer still promises.</summary>
    public DeclaredLength Left { get; init; }

    /// <summary>Octets of data that were delivered and that the application has not consumed yet.</summary>
    public long Unconsumed { get; private init; }

    /// <summary>Octets that were consumed and whose credit was not announced to the peer yet.</summary>
    public long Owed { get; private init; }

    /// <summary>After a DATA frame was delivered.</summary>
    /// <param name="spent">What it costs of the window: all of its payload.</param>
    /// <param name="octets">How many octets of the body it has.</param>
    /// <param name="left">What the content-length promises of the rest.</param>
    public Incoming Deliver(int spent, int octets, DeclaredLength left) =>
        this with { Offset = Offset.Spend(spent), Unconsumed = Unconsumed + octets, Left = left };

    /// <summary>After the application consumed octets that were delivered; their credit is given by <see cref="GiveBack"/>.</summary>
    /// <param name="octets">How many octets.</param>
    public Incoming Consume(long octets) => this with { Unconsumed = Unconsumed - octets };

    /// <summary>Gives the peer back what it spent of the window of the stream.</summary>
    /// <param name="octets">How many octets can be given back beside what is owed already.</param>
    /// <param name="window">The initial window of this end, in octets.</param>
    /// <param name="announced">The credit to announce now, or 0 when what is owed is not worth a frame yet.</param>
    public Incoming GiveBack(long octets, uint window, out uint announced)
    {
        var owed = Owed + octets;
        announced = Offset.Grow(window).IsWorthAFrame(owed, window) ? (uint)owed : 0;
        return announced == 0 ? this with { Owed = owed } : this with { Owed = 0, Offset = Offset.Grow(owed) };
    }
}
