namespace Http2.Pure;

/// <summary>
/// What the rules say of a decoded field section: a closed union. Only the verdicts with a fault are allocated, and those are rare.
/// Immutable, thread-safe.
/// </summary>
internal abstract record HeadVerdict
{
    private HeadVerdict()
    {
    }

    /// <summary>
    /// The fault that ends the stream or the connection when nothing but the fault can be answered; null when the section is accepted.
    /// </summary>
    /// <param name="id">The stream that the section came on.</param>
    public Fault? FaultOn(StreamId id) => this switch
    {
        Malformed malformed => malformed.Fault,
        Excessive excessive => excessive.Fault,
        TooLarge => new Fault.OfStream(id, ErrorCode.EnhanceYourCalm, HeaderRules.ListTooLarge),
        _ => null,
    };

    /// <summary>The section is well-formed and within all limits.</summary>
    public sealed record Accepted : HeadVerdict
    {
        private Accepted()
        {
        }

        public static Accepted Verdict { get; } = new();
    }

    /// <summary>
    /// The section is beyond the limits up to which sections are answered normally: nobody broke a rule, but a request is answered with 431
    /// (RFC 9113 §10.5.1, RFC 6585 §5), and the stream of any other section is reset.
    /// </summary>
    public sealed record TooLarge : HeadVerdict
    {
        private TooLarge()
        {
        }

        public static TooLarge Verdict { get; } = new();
    }

    /// <summary>The section breaks a rule, which ends the stream (RFC 9113 §8.1.1).</summary>
    /// <param name="Fault">What is wrong.</param>
    public sealed record Malformed(Fault.OfStream Fault) : HeadVerdict
    {
        public static Malformed Of(StreamId id, Rule broken) => new(new Fault.OfStream(id, ErrorCode.ProtocolError, broken));
    }

    /// <summary>The section is beyond the limits at which this end gives up, which ends the connection with ENHANCE_YOUR_CALM.</summary>
    /// <param name="Fault">What is wrong.</param>
    public sealed record Excessive(Fault.OfConnection Fault) : HeadVerdict;
}
