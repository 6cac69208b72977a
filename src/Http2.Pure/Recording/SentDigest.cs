namespace Http2.Pure;

/// <summary>
/// How many octets went out, and a digest of them (FNV-1a, 64 bits): enough to tell whether a replay sends the same. It does not protect against
/// forgery. Immutable.
/// </summary>
/// <param name="Octets">How many.</param>
/// <param name="Digest">FNV-1a of them.</param>
public readonly record struct SentDigest(long Octets, ulong Digest)
{
    private const ulong Prime = 0x100000001b3;

    /// <summary>The digest of no octets.</summary>
    public static SentDigest Empty => new(0, 0xcbf29ce484222325);

    /// <summary>The digest once more octets were sent.</summary>
    /// <param name="octets">The octets.</param>
    public SentDigest Add(ReadOnlySpan<byte> octets)
    {
        var digest = Digest;
        foreach (var octet in octets)
            digest = unchecked((digest ^ octet) * Prime);
        return new(Octets + octets.Length, digest);
    }
}
