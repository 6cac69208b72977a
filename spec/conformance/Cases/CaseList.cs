using System.Collections;

namespace Http2.Conformance;

/// <summary>The cases of one section, numbered in the order in which they are written down.</summary>
internal sealed class CaseList(string group, string section, string reference, Edition edition = Edition.Both)
    : IEnumerable<ConformanceCase>
{
    private readonly List<ConformanceCase> _cases = [];

    public CaseList Must(string title, string requirement, Func<Probe, Task> body) => Add(title, requirement, body, RequirementLevel.Must);

    public CaseList Should(string title, string requirement, Func<Probe, Task> body) =>
        Add(title, requirement, body, RequirementLevel.Should);

    public CaseList ShouldStrict(string title, string requirement, Func<Probe, Task> body) =>
        Add(title, requirement, body, RequirementLevel.Should, strictOnly: true);

    public CaseList Add(
        string title, string requirement, Func<Probe, Task> body, RequirementLevel level,
            bool strictOnly = false, string? reference1 = null)
    {
        _cases.Add(new ServerCase(group, section, _cases.Count + 1, body)
        {
            Reference = reference1 ?? reference,
            Title = title,
            Requirement = requirement,
            Level = level,
            StrictOnly = strictOnly,
            Edition = edition,
        });
        return this;
    }

    /// <summary>One case for each row of a table, for rules that hold for a list of octets or types alike.</summary>
    public CaseList MustForEach<T>(
        IEnumerable<T> rows, Func<T, string> title, Func<T, string> requirement, Func<Probe, T, Task> body)
    {
        foreach (var row in rows)
            Must(title(row), requirement(row), probe => body(probe, row));
        return this;
    }

    public IEnumerator<ConformanceCase> GetEnumerator() => _cases.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
