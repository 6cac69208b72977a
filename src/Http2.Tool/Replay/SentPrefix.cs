using Http2.Pure;
using LanguageExt;

namespace Http2.Tool;

/// <summary>
/// Compares what a replay sends with what was sent while it was recorded. A connection that was cut had octets left that never went out, so
/// what was sent must be the beginning of what the replay sends. Immutable.
/// </summary>
internal readonly record struct SentPrefix
{
    private readonly SentDigest? _recorded;
    private readonly SentDigest _replayed;
    private readonly long _beyond;

    private SentPrefix(SentDigest? recorded, SentDigest replayed, long beyond) => (_recorded, _replayed, _beyond) = (recorded, replayed, beyond);

    /// <summary>The verdict, or null when the recording breaks off and does not say what was sent.</summary>
    public (bool IsEqual, string Text)? Verdict => _recorded switch
    {
        null => null,
        { } recorded when recorded != _replayed => (false, $"NOT EQUAL to what was recorded: {recorded.Octets} octets were sent then"),
        _ when _beyond > 0 => (true, $"equal to what was recorded; the last {_beyond} octets never went out, the connection was cut"),
        _ => (true, "equal to what was recorded, octet for octet"),
    };

    /// <summary>A comparison with what the recording says.</summary>
    public static SentPrefix Of(Option<SentDigest> recorded) =>
        new(recorded.MatchUnsafe<SentDigest?>(Some: digest => digest, None: () => null), SentDigest.Empty, 0);

    /// <summary>The comparison after more octets.</summary>
    public SentPrefix Add(ReadOnlySpan<byte> octets)
    {
        if (_recorded is not { } recorded)
            return this;
        var room = (int)Math.Min(octets.Length, recorded.Octets - _replayed.Octets);
        return new(recorded, _replayed.Add(octets[..room]), _beyond + octets.Length - room);
    }
}
