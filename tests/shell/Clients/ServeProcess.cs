using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Http2.Shell.Tests;

/// <summary>The built <c>http2 serve</c> as a child process on free ports, killed by its handle when the test is done.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _expected;
    private readonly Dictionary<string, int> _ports = [];

    private ServeProcess(ProcessStartInfo start, int expected)
    {
        _expected = expected;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Exited += (_, _) =>
            _listening.TrySetException(new InvalidOperationException($"http2 serve ended early\n{Output}\n{Error}"));
        InheritedSignals.Start(_process);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The cleartext address without a slash at its end.</summary>
    public string Http => $"http://127.0.0.1:{_ports["http"]}";

    /// <summary>The TLS address without a slash at its end.</summary>
    public string Https => $"https://127.0.0.1:{_ports["https"]}";

    /// <summary>The cleartext port.</summary>
    public int HttpPort => _ports["http"];

    /// <summary>The process's number.</summary>
    public int Id => _process.Id;

    /// <summary>What it printed so far.</summary>
    public string Output => Read(_output);

    /// <summary>What it complained of so far.</summary>
    public string Error => Read(_error);

    /// <summary>How to start the tool with some arguments.</summary>
    public static ProcessStartInfo Tool(params IEnumerable<string> arguments)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "http2.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        return start;
    }

    /// <summary>Starts <c>http2 serve</c> with free ports for both protocols and waits until it listens.</summary>
    public static Task<ServeProcess> StartAsync(params IEnumerable<string> arguments) => StartAsync(_ => { }, arguments);

    /// <summary>The same, in a way that a test wants it.</summary>
    /// <param name="configure">Changes how the process is started: its environment, mostly.</param>
    /// <param name="arguments">More arguments of <c>http2 serve</c>.</param>
    public static async Task<ServeProcess> StartAsync(Action<ProcessStartInfo> configure, params IEnumerable<string> arguments)
    {
        string[] all = ["serve", "--port", "0", "--tls-port", "0", .. arguments];
        var start = Tool(all);
        configure(start);
        return await StartAsync(start, all);
    }

    /// <summary>Starts it as described, with these arguments, and waits until it listens.</summary>
    public static async Task<ServeProcess> StartAsync(ProcessStartInfo start, IEnumerable<string> arguments)
    {
        var server = new ServeProcess(start, arguments.Any(argument => argument is "--no-tls" or "--no-cleartext") ? 1 : 2);
        await server._listening.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return server;
    }

    /// <summary>The same for a process that may have so many descriptors open.</summary>
    public static Task<ServeProcess> StartWithDescriptorsAsync(int descriptors, params IEnumerable<string> arguments) =>
        StartAsync(After($"ulimit -n {descriptors}", Tool(["serve", "--port", "0", "--tls-port", "0", .. arguments])), arguments);

    /// <summary>The same start out of a shell that runs a script before.</summary>
    public static ProcessStartInfo After(string script, ProcessStartInfo start)
    {
        var shell = new ProcessStartInfo("sh", ["-c", $"{script}; exec \"$@\"", "sh", start.FileName, .. start.ArgumentList])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in start.Environment)
            shell.Environment[name] = value;
        return shell;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGINT => 2,
            PosixSignal.SIGTERM => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        Xunit.Assert.Equal(0, kill(_process.Id, number));
    }

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    /// <summary>Waits until the output holds <paramref name="text"/>.</summary>
    public async Task SeeAsync(string text)
    {
        for (var watch = Stopwatch.StartNew(); !Output.Contains(text, StringComparison.Ordinal);)
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(15))
                throw new TimeoutException($"the output never held '{text}':\n{Output}\n{Error}");
            await Task.Yield();
        }
    }

    /// <summary>The most memory it ever had resident, in octets (Linux).</summary>
    public long PeakMemory() =>
        long.Parse(HighWater().Match(File.ReadAllText($"/proc/{Id}/status")).Groups[1].Value) * 1024;

    /// <summary>The memory it has resident now, in octets (Linux).</summary>
    public long ResidentMemory() =>
        long.Parse(Resident().Match(File.ReadAllText($"/proc/{Id}/status")).Groups[1].Value) * 1024;

    public async ValueTask DisposeAsync()
    {
        _listening.TrySetResult();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);

    [GeneratedRegex(@"listening on (https?)://\S+:(\d+)$")]
    private static partial Regex Listening();

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex HighWater();

    [GeneratedRegex(@"VmRSS:\s+(\d+) kB")]
    private static partial Regex Resident();

    private static void Append(StringBuilder to, string? line)
    {
        if (line is null)
            return; // the end of the stream
        lock (to)
            to.AppendLine(line);
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
            return from.ToString();
    }

    private void OnLine(string? line)
    {
        Append(_output, line);
        if (line is null || Listening().Match(line) is not { Success: true } match)
            return;
        _ports[match.Groups[1].Value] = int.Parse(match.Groups[2].Value);
        if (_ports.Count == _expected)
            _listening.TrySetResult();
    }
}
