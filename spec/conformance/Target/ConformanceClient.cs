namespace Http2.Conformance;

/// <summary>
/// A client that is judged. It is started anew for each case with the address of a server that the case plays. Immutable, thread-safe.
/// </summary>
/// <param name="name">What reports call it.</param>
/// <param name="start">
/// Carries a call out and answers how it ended. The token says that the case is over: the client is to be stopped, and whatever it answers then
/// counts for nothing. An exception counts as an end with exit code 1.
/// </param>
public sealed class ConformanceClient(string name, Func<ClientCall, CancellationToken, Task<ClientEnding>> start) : IConformanceSubject
{
    /// <summary>Whether the server speaks TLS with ALPN <c>h2</c>; otherwise cleartext with prior knowledge (RFC 9113 §3.3).</summary>
    public bool Tls { get; init; }

    /// <summary>What the client can be started for. Cases that need something else are skipped. The default is <see cref="ClientTask.Get"/> alone.</summary>
    public IReadOnlyCollection<ClientTask> Tasks { get; init; } = [ClientTask.Get];

    /// <summary>
    /// What can be told from the way in which the client ends; null, the default, has it found out before the first case of a run, with a server
    /// that answers and one that does not.
    /// </summary>
    public ClientHabits? Habits { get; init; }

    /// <summary>The host in the addresses that the client gets: a name of this machine with TLS, so that the client can ask for it, else an address.</summary>
    public string Host => Tls ? "localhost" : "127.0.0.1";

    /// <summary>A client that is a command line for each task.</summary>
    /// <param name="commands">The command lines.</param>
    /// <param name="tls">Whether the server speaks TLS.</param>
    public static ConformanceClient Of(ClientCommands commands, bool tls = false)
    {
        ArgumentNullException.ThrowIfNull(commands);
        return new(commands.Get, (call, cancellation) => ClientProcess.RunAsync(commands.LineFor(call), call, cancellation))
        {
            Tls = tls,
            Tasks = [.. Enum.GetValues<ClientTask>().Where(task => commands.For(task) is not null)],
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Tls ? $"{name} over TLS" : name;

    internal async Task<ClientEnding> RunAsync(ClientCall call, CancellationToken cancellation)
    {
        // The client may block the thread that starts it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            return await start(call, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new ClientEnding(1, "", $"{failure.GetType().Name}: {failure.Message}");
        }
    }
}
