namespace Http2.Pure;

/// <summary>
/// What a peer did wrong, as a value: its scope by type, the error code it is answered with, and the rule it broke (RFC 9113 §5.4).
/// A closed union of <see cref="OfConnection"/> and <see cref="OfStream"/>.
/// </summary>
public abstract record Fault
{
    private Fault(ErrorCode code, Rule rule)
    {
        Code = code;
        Rule = rule;
    }

    /// <summary>The code that GOAWAY or RST_STREAM carries.</summary>
    public ErrorCode Code { get; }

    /// <summary>The rule that was broken.</summary>
    public Rule Rule { get; }

    /// <summary>A connection error: it is answered with GOAWAY, and ends the connection (RFC 9113 §5.4.1).</summary>
    public sealed record OfConnection : Fault
    {
        /// <summary>A connection error.</summary>
        /// <param name="code">The code for GOAWAY.</param>
        /// <param name="rule">The rule that was broken.</param>
        public OfConnection(ErrorCode code, Rule rule)
            : base(code, rule)
        {
        }
    }

    /// <summary>A stream error: it is answered with RST_STREAM, and ends one stream; the connection goes on (RFC 9113 §5.4.2).</summary>
    public sealed record OfStream : Fault
    {
        /// <summary>A stream error.</summary>
        /// <param name="id">The stream.</param>
        /// <param name="code">The code for RST_STREAM.</param>
        /// <param name="rule">The rule that was broken.</param>
        public OfStream(StreamId id, ErrorCode code, Rule rule)
            : base(code, rule) => Id = id;

        /// <summary>The stream that is reset.</summary>
        public StreamId Id { get; }
    }
}
