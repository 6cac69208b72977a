using System.Net;
using System.Net.Sockets;

namespace Http2.Shell;

/// <summary>
/// Connects to a host that has several addresses as RFC 8305 says (Happy Eyeballs): those of both families take turns, and the next one is tried when
/// the one before has failed, or has not been there for a while; the first connection counts.
/// </summary>
/// <typeparam name="T">A connection.</typeparam>
/// <param name="connect">Connects to one address; the token is cancelled when its connection is not wanted any more.</param>
/// <param name="discard">Gets a connection that came too late.</param>
/// <param name="time">The clock.</param>
internal sealed class AddressRace<T>(Func<IPAddress, CancellationToken, Task<T>> connect, Action<T> discard, TimeProvider time)
{
    /// <summary>How long the next address waits for the one before (RFC 8305 §5, Connection Attempt Delay).</summary>
    public static TimeSpan Delay { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Connects.</summary>
    /// <param name="addresses">The addresses, the preferred one first (RFC 6724); at least one.</param>
    /// <param name="cancellation">Ends all attempts.</param>
    /// <returns>The first connection that was there.</returns>
    /// <exception cref="IOException">No address can be connected to; the exception is that of the first.</exception>
    /// <exception cref="SocketException">As above.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<T> RunAsync(IReadOnlyList<IPAddress> addresses, CancellationToken cancellation)
    {
        if (addresses.Count == 1)
            return await connect(addresses[0], cancellation).ConfigureAwait(false);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attempts = new List<Task<T>>();
        Exception? first = null;
        try
        {
            var waiting = new Queue<IPAddress>(InTurns(addresses));
            while (true)
            {
                if (waiting.TryDequeue(out var next))
                    attempts.Add(connect(next, over.Token));
                if (await NextAsync(attempts, mayWait: waiting.Count == 0, over.Token).ConfigureAwait(false) is not { } ended)
                    continue;
                attempts.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                    return await ended.ConfigureAwait(false);
                first ??= await FailureAsync(ended).ConfigureAwait(false);
                if (attempts.Count == 0 && waiting.Count == 0)
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
            }
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            foreach (var late in attempts)
                _ = DiscardAsync(late);
        }
    }

    /// <summary>The addresses in the order in which they are tried: families take turns, each in its own order (RFC 8305 §4).</summary>
    internal static IEnumerable<IPAddress> InTurns(IReadOnlyList<IPAddress> addresses)
    {
        var preferred = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToList();
        var others = addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily).ToList();
        for (var i = 0; i < Math.Max(preferred.Count, others.Count); i++)
        {
            if (i < preferred.Count)
                yield return preferred[i];
            if (i < others.Count)
                yield return others[i];
        }
    }

    // The attempt that has ended; null when the next one may begin before any has.
    private async Task<Task<T>?> NextAsync(List<Task<T>> attempts, bool mayWait, CancellationToken cancellation)
    {
        if (mayWait)
            return await Task.WhenAny(attempts).ConfigureAwait(false);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var delay = Task.Delay(Delay, time, ended.Token);
        var any = await Task.WhenAny([.. attempts, delay]).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        return any == delay ? null : (Task<T>)any;
    }

    // That an address does not answer is what the others are for; anything else ends the race.
    private static async Task<Exception> FailureAsync(Task<T> attempt)
    {
        try
        {
            await attempt.ConfigureAwait(false);
            throw new InvalidOperationException("The attempt has not failed.");
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return failure;
        }
    }

    private async Task DiscardAsync(Task<T> late)
    {
        try
        {
            discard(await late.ConfigureAwait(false));
        }
        catch (Exception)
        {
            // It was cancelled, or has failed: either way there is nothing to discard.
        }
    }
}
