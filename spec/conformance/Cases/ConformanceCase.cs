namespace Http2.Conformance;

/// <summary>How binding a requirement is (RFC 2119).</summary>
public enum RequirementLevel
{
    /// <summary>A server that fails the case breaks the protocol.</summary>
    Must,

    /// <summary>The RFC recommends what the case asks for; a server that fails the case does not break the protocol.</summary>
    Should,
}

/// <summary>
/// One conformance case: a conversation with a server on a connection of its own, and the verdict it leads to. Immutable, thread-safe.
/// </summary>
public sealed class ConformanceCase
{
    internal ConformanceCase(string group, string section, int number, string reference,
        string title, string requirement, Func<Probe, Task> body)
    {
        Group = group;
        Section = section;
        Number = number;
        Reference = reference;
        Title = title;
        Requirement = requirement;
        Body = body;
    }

    /// <summary>
    /// The identifier: group, section and number, such as <c>http2/6.5.3/1</c>. Stable; the same as h2spec's where h2spec has the case.
    /// </summary>
    public string Id => $"{Group}/{Section}/{Number}";

    /// <summary>The group, such as <c>http2</c>, <c>fields</c> or <c>abuse</c>.</summary>
    public string Group { get; }

    /// <summary>
    /// The section within the group, such as <c>6.5.3</c>. The groups that h2spec has are numbered after RFC 7540 and RFC 7541.
    /// </summary>
    public string Section { get; }

    /// <summary>The number within the section, from 1.</summary>
    public int Number { get; }

    /// <summary>The rule's place, such as <c>RFC 9113 §6.5.3</c>.</summary>
    public string Reference { get; }

    /// <summary>What the case does, in a few words.</summary>
    public string Title { get; }

    /// <summary>What the server is asked for, in one line.</summary>
    public string Requirement { get; }

    /// <summary>How binding the requirement is.</summary>
    public RequirementLevel Level { get; internal init; }

    /// <summary>Whether the case runs only when strictness is asked for.</summary>
    public bool StrictOnly { get; internal init; }

    /// <summary>Which edition asks for it.</summary>
    public Edition Edition { get; internal init; }

    /// <summary>Whether h2spec has the case under the same identifier.</summary>
    public bool InH2Spec => Group is "generic" or "http2" or "hpack";

    /// <summary>Whether the case floods or starves the server: such cases run only when selected, one after another.</summary>
    public bool IsAbuse => Group == "abuse";

    internal Func<Probe, Task> Body { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
