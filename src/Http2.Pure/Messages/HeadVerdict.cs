namespace Http2.Pure;

/// <summary>What the rules say of a decoded field section.</summary>
internal enum HeadVerdict : byte
{
    /// <summary>It is well-formed and within all limits.</summary>
    Accepted,

    /// <summary>It breaks a rule: a stream fault (RFC 9113 §8.1.1).</summary>
    Malformed,

    /// <summary>It is beyond the soft limits: a request gets 431 (RFC 9113 §10.5.1); there is no fault.</summary>
    TooLarge,

    /// <summary>It is beyond the hard limits: a connection fault, ENHANCE_YOUR_CALM.</summary>
    Excessive,
}
