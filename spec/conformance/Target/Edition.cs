namespace Http2.Conformance;

/// <summary>Which edition of the HTTP/2 specification asks for what a case demands.</summary>
public enum Edition
{
    /// <summary>Both RFC 7540 and RFC 9113.</summary>
    Both,

    /// <summary>Only RFC 7540; RFC 9113 dropped it.</summary>
    Rfc7540,

    /// <summary>Only RFC 9113, or an extension younger than RFC 7540.</summary>
    Rfc9113,
}
