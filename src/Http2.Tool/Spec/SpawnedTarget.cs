using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Http2.Conformance;

namespace Http2.Tool;

/// <summary>
/// A server that <c>--exec</c> started. With <c>{port}</c> in the command more of them can be started, for cases that stop theirs.
/// </summary>
internal sealed class SpawnedTarget : ITargetInstance
{
    /// <summary>The exit code when the server cannot be reached.</summary>
    public const int Unreachable = 3;

    private const string Placeholder = "{port}";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly TargetProcess _process;

    private SpawnedTarget(TargetProcess process, ConformanceTarget target)
    {
        _process = process;
        Target = target;
    }

    public ConformanceTarget Target { get; }

    /// <summary>Starts the command and waits until connections are taken.</summary>
    /// <param name="command">A command line of the shell; <c>{port}</c> in it becomes a free port.</param>
    /// <param name="target">The server as the command line describes it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="UserErrorException">The server did not start to listen in time.</exception>
    public static async Task<SpawnedTarget> StartAsync(string command, ConformanceTarget target, CancellationToken cancellation)
    {
        var line = command;
        if (command.Contains(Placeholder, StringComparison.Ordinal))
        {
            var port = FreePort();
            line = command.Replace(Placeholder, port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            target = target with
            {
                Port = port,
                Spawn = async token => await StartAsync(command, target with { ProcessId = null }, token).ConfigureAwait(false),
            };
        }
        var process = TargetProcess.Start(line);
        try
        {
            await WaitAsync(process, target, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        return new SpawnedTarget(process, target with { ProcessId = target.ProcessId ?? process.Id });
    }

    public Task StopAsync() => _process.StopAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task WaitAsync(TargetProcess process, ConformanceTarget target, CancellationToken cancellation)
    {
        var clock = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ConformanceSuite.EnsureReachableAsync(target, TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
                return;
            }
            catch (TargetUnreachableException unreachable)
            {
                if (process.HasExited)
                {
                    throw new UserErrorException(
                        $"the server that --exec started has ended with {process.ExitCode}: {unreachable.Message}", Unreachable);
                }
                if (Stopwatch.GetElapsedTime(clock) > StartLimit)
                    throw new UserErrorException($"the server that --exec started is not there: {unreachable.Message}", Unreachable);
            }
            await Task.Delay(50, cancellation).ConfigureAwait(false);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
