namespace Http2.Pure;

/// <summary>A rule that a peer can break: a document, its section, and what it asks for in words of this project. Immutable.</summary>
/// <param name="Document">For example <c>RFC 9113</c>, or <c>policy</c> for a limit that this project sets.</param>
/// <param name="Section">For example <c>6.5.2</c>.</param>
/// <param name="Requirement">One line that says what was expected.</param>
public sealed record Rule(string Document, string Section, string Requirement)
{
    /// <summary>A rule of RFC 9113, HTTP/2.</summary>
    /// <param name="section">The section's number.</param>
    /// <param name="requirement">What it asks for, in one line.</param>
    public static Rule Http2(string section, string requirement) => new("RFC 9113", section, requirement);

    /// <inheritdoc/>
    public override string ToString() => $"{Document} §{Section}: {Requirement}";
}
