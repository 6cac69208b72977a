using System.Collections;

namespace Http2.Conformance;

/// <summary>The cases of one section that judge clients, numbered in the order in which they are written down.</summary>
/// <param name="group">The group.</param>
/// <param name="section">The section within the group.</param>
/// <param name="reference">The rule's place.</param>
internal sealed class ClientCaseList(string group, string section, string reference) : IEnumerable<ConformanceCase>
{
    private readonly List<ConformanceCase> _cases = [];

    public ClientCaseList Must(string title, string requirement, Func<ServerEnd, Task> body, ClientTask task = ClientTask.Get) =>
        Add(title, requirement, body, RequirementLevel.Must, task);

    public ClientCaseList Should(string title, string requirement, Func<ServerEnd, Task> body, ClientTask task = ClientTask.Get) =>
        Add(title, requirement, body, RequirementLevel.Should, task);

    /// <summary>One case for each row of a table, for rules that hold for a list of octets or types alike.</summary>
    public ClientCaseList MustForEach<T>(
        IEnumerable<T> rows, Func<T, string> title, string requirement, Func<ServerEnd, T, Task> body, ClientTask task = ClientTask.Get)
    {
        foreach (var row in rows)
            Must(title(row), requirement, server => body(server, row), task);
        return this;
    }

    public IEnumerator<ConformanceCase> GetEnumerator() => _cases.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ClientCaseList Add(string title, string requirement, Func<ServerEnd, Task> body, RequirementLevel level, ClientTask task)
    {
        _cases.Add(new ClientCase(group, section, _cases.Count + 1, body)
        {
            Reference = reference,
            Title = title,
            Requirement = requirement,
            Level = level,
            Task = task,
        });
        return this;
    }
}
