using Hpack.Pure;

namespace Http2.Properties.Differential;

/// <summary>How the two judged a block.</summary>
internal enum Verdict
{
    /// <summary>Both took it, and agree on everything.</summary>
    Sound,

    /// <summary>Both refused it.</summary>
    Refused,

    /// <summary>They differ as docs/hpack-differences.md lists.</summary>
    Listed,
}

/// <summary>Our decoder and libnghttp2's inflater, fed with the same blocks and settings.</summary>
internal sealed class DecoderPair : IDisposable
{
    private readonly NativeInflater _theirs = new();
    private readonly FieldArena _arena = new();

    /// <summary>The setting in force at both.</summary>
    public int Setting { get; private set; } = 4096;

    /// <summary>Our state.</summary>
    public DecoderState State { get; private set; } = DecoderState.Create();

    public void ChangeTableSize(int size)
    {
        Setting = size;
        State = State.WithMaxTableSize(size);
        _theirs.ChangeTableSize(size);
    }

    /// <summary>Decodes a block with both.</summary>
    /// <param name="block">The block.</param>
    /// <param name="fields">Our list; good until the next call.</param>
    /// <param name="tally">Counts it.</param>
    /// <exception cref="DifferenceException">They differ in the verdict, the list or the table.</exception>
    public Verdict Decode(ReadOnlySpan<byte> block, out FieldList fields, Tally tally)
    {
        _arena.Reset();
        var error = HpackDecoder.Decode(State, block, long.MaxValue, _arena, out fields, out var next);
        // libnghttp2 takes any number of size updates; ours two (RFC 7541 §4.2). Its verdict on the rest says nothing of ours.
        if (error.Kind == HpackErrorKind.TooManySizeUpdates)
        {
            tally.Listed++;
            return KnownDifferences.LeadingUpdates(block) > 2
                ? Verdict.Listed
                : throw new DifferenceException("ours counts more than two size updates where there are not", block);
        }
        var sound = _theirs.Inflate(block, fields, out var difference);
        if (sound != error.IsNone)
            throw new DifferenceException($"libnghttp2 {(sound ? "takes" : "refuses")} the block; ours: {error}", block);
        if (!sound)
        {
            tally.Refused++;
            return Verdict.Refused;
        }
        State = next;
        difference ??= _theirs.Compare(State.Table);
        if (difference is not null)
            throw new DifferenceException(difference, block);
        tally.Sound++;
        tally.Fields += fields.Count;
        return Verdict.Sound;
    }

    public void Dispose() => _theirs.Dispose();
}
