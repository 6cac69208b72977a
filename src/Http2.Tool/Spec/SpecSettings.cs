using System.Collections.Immutable;
using Http2.Conformance;

namespace Http2.Tool;

/// <summary>What a command line of <c>http2 spec</c> asks for.</summary>
internal sealed record SpecSettings
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string? UnixSocketPath { get; init; }

    public string Path { get; init; } = "/";

    public bool Tls { get; init; }

    public bool Insecure { get; init; }

    public string? ServerName { get; init; }

    public ImmutableArray<string> Ciphers { get; init; } = [];

    public bool Strict { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    public int MaxHeaderLength { get; init; } = 4000;

    public Edition Edition { get; init; }

    public ImmutableArray<string> Selectors { get; init; } = [];

    public ImmutableArray<string> Excludes { get; init; } = [];

    public string? ExpectFailuresFile { get; init; }

    public int Repeat { get; init; } = 1;

    public int Parallel { get; init; } = 1;

    public int Seed { get; init; } = 1;

    public bool FailFast { get; init; }

    public string? Exec { get; init; }

    /// <summary>The client to judge, or null for a server.</summary>
    public ClientCommands? Client { get; init; }

    public int? ProcessId { get; init; }

    public bool JudgeLatency { get; init; } = true;

    public TargetResources Resources { get; init; } = new();

    public bool List { get; init; }

    public bool DryRun { get; init; }

    public bool Verbose { get; init; }

    public string? JUnitFile { get; init; }

    public string? JsonFile { get; init; }

    public string? MarkdownFile { get; init; }

    public string? HtmlFile { get; init; }

    /// <summary>The cases that are for whoever is judged.</summary>
    public SpecSuite Suite => Client is null ? SpecSuite.Servers : SpecSuite.Clients;

    /// <summary>The server to judge.</summary>
    public ConformanceTarget Target => new()
    {
        Host = Host,
        Port = Port,
        UnixSocketPath = UnixSocketPath,
        Path = Path,
        Tls = Tls,
        Insecure = Insecure,
        ServerName = ServerName,
        Ciphers = Ciphers,
        Resources = Resources,
        ProcessId = ProcessId,
    };

    /// <summary>How to judge it.</summary>
    /// <param name="expectedFailures">What the file of expected failures lists.</param>
    public ConformanceOptions Options(ImmutableArray<string> expectedFailures) => new()
    {
        Timeout = Timeout,
        Strict = Strict,
        Selectors = Selectors,
        Excludes = Excludes,
        ExpectedFailures = expectedFailures,
        Edition = Edition,
        Repeat = Repeat,
        Parallel = Parallel,
        FailFast = FailFast,
        MaxHeaderLength = MaxHeaderLength,
        Seed = Seed,
        JudgeLatency = JudgeLatency,
        Verbose = Verbose,
    };
}
