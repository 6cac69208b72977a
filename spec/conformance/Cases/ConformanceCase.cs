namespace Http2.Conformance;

/// <summary>How binding a requirement is (RFC 2119).</summary>
public enum RequirementLevel
{
    /// <summary>Whoever fails the case breaks the protocol.</summary>
    Must,

    /// <summary>The RFC recommends what the case asks for; whoever fails the case does not break the protocol.</summary>
    Should,
}

/// <summary>
/// One conformance case: a conversation with a server or a client on a connection of its own, and the verdict it leads to. Immutable,
/// thread-safe.
/// </summary>
public abstract class ConformanceCase
{
    /// <summary>A case, told apart by its group, section and number.</summary>
    private protected ConformanceCase(string group, string section, int number) => (Group, Section, Number) = (group, section, number);

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
    public required string Reference { get; init; }

    /// <summary>What the case does, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What the server or the client is asked for, in one line.</summary>
    public required string Requirement { get; init; }

    /// <summary>How binding the requirement is.</summary>
    public RequirementLevel Level { get; internal init; }

    /// <summary>Whether the case runs only when strictness is asked for.</summary>
    public bool StrictOnly { get; internal init; }

    /// <summary>Which edition asks for it.</summary>
    public Edition Edition { get; internal init; }

    /// <summary>Whether h2spec has the case under the same identifier.</summary>
    public bool InH2Spec => Group is "generic" or "http2" or "hpack";

    /// <summary>Whether the case floods or starves the peer: such cases run only when selected, one after another.</summary>
    public bool IsAbuse => Group is "abuse" or "client-hostile";

    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>A case that judges a server.</summary>
/// <param name="group">The group.</param>
/// <param name="section">The section within the group.</param>
/// <param name="number">The number within the section.</param>
/// <param name="body">What the client does, and what it expects.</param>
internal sealed class ServerCase(string group, string section, int number, Func<Probe, Task> body) : ConformanceCase(group, section, number)
{
    /// <summary>What the client does, and what it expects.</summary>
    public Func<Probe, Task> Body => body;
}

/// <summary>A case that judges a client.</summary>
/// <param name="group">The group.</param>
/// <param name="section">The section within the group.</param>
/// <param name="number">The number within the section.</param>
/// <param name="body">What the server does, and what it expects.</param>
internal sealed class ClientCase(string group, string section, int number, Func<ServerEnd, Task> body) : ConformanceCase(group, section, number)
{
    /// <summary>What the client is started for.</summary>
    public ClientTask Task { get; init; }

    /// <summary>What the server does, and what it expects.</summary>
    public Func<ServerEnd, Task> Body => body;
}
