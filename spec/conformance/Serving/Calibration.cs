using Http2.Pure;

namespace Http2.Conformance;

/// <summary>Finds out what the end of a client tells, before it is judged.</summary>
internal static class Calibration
{
    /// <summary>Starts the client twice: for a server that answers, and for one that resets the stream.</summary>
    /// <exception cref="TargetUnreachableException">The client does not ask, or does not take a response that is right.</exception>
    public static async Task<ClientHabits> LearnAsync(ConformanceClient client, ConformanceOptions options, CancellationToken cancellation)
    {
        var right = await RunAsync(client, options, static s => s.Answer(s.StreamId), cancellation).ConfigureAwait(false);
        var wrong = await RunAsync(client, options, static s => s.Reset(s.StreamId, ErrorCode.InternalError), cancellation).ConfigureAwait(false);
        return new ClientHabits(right.Ending.ExitCode == 0 && wrong.Ending.ExitCode != 0, right.Ending.Output.Contains(right.Body, StringComparison.Ordinal));
    }

    private static async Task<(ClientEnding Ending, string Body)> RunAsync(
        ConformanceClient client, ConformanceOptions options, Action<ServerEnd> answer, CancellationToken cancellation)
    {
        await using var run = new ClientRun(client, ClientTask.Get, habits: null, cancellation);
        await using var server = new ServerEnd(run, options, cancellation);
        try
        {
            await server.Requested().ConfigureAwait(false);
            answer(server);
            await server.UntilEnd(static _ => { }).ConfigureAwait(false);
            return (await server.HangUp().ConfigureAwait(false), run.Body);
        }
        catch (CaseFailedException failure)
        {
            throw new TargetUnreachableException($"{client}: expected {failure.Expected[0]}, got {failure.Actual}");
        }
    }
}
