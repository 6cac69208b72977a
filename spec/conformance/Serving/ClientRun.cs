using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Http2.Conformance;

/// <summary>
/// A client that was started for one case: where it is to connect to, what it is to send and to get, and how it ended. Disposing of it stops the
/// client.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="task">What it is started for.</param>
/// <param name="habits">What can be told from its end; null while that is being found out.</param>
/// <param name="cancellation">Abandons the case.</param>
internal sealed class ClientRun(ConformanceClient client, ClientTask task, ClientHabits? habits, CancellationToken cancellation) : IAsyncDisposable
{
    private const int SeveralUrls = 3;

    /// <summary>How long a client may take to connect: it may be a program that has to be loaded first.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private Socket? _listener;
    private Task<ClientEnding>? _ending;

    public ConformanceClient Client => client;

    public ClientTask Task => task;

    /// <summary>What can be told from the end of the client; null while that is being found out.</summary>
    public ClientHabits? Habits => habits;

    /// <summary>The path in the address, with query and fragment; to be changed before the client is started.</summary>
    public string Path { get; set; } = "/conformance";

    /// <summary>The body of the responses: letters that are in no other output.</summary>
    public string Body { get; } = $"http2-conformance-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>The body that an upload has: more than the initial windows, so that it waits for WINDOW_UPDATE.</summary>
    public static ReadOnlyMemory<byte> Upload { get; } = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:D7} ")));

    /// <summary>The authority of the addresses, once the client is started.</summary>
    public string Authority { get; private set; } = "";

    /// <summary>The client's process, when it has one of its own.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>How the client ended, or null when it has not.</summary>
    public ClientEnding? Ending => _ending is { IsCompletedSuccessfully: true } ended ? ended.Result : null;

    /// <summary>Starts the client, unless it is started, and takes a connection from it.</summary>
    /// <param name="timeout">How long to wait at most once the client is started; null for as long as a program may take to load.</param>
    /// <returns>The socket, or null when the client has ended, or the time is up.</returns>
    public async Task<Socket?> AcceptAsync(TimeSpan? timeout = null)
    {
        Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        limit.CancelAfter(timeout ?? StartPatience);
        var accepted = _listener!.AcceptAsync(limit.Token).AsTask();
        await System.Threading.Tasks.Task.WhenAny(accepted, _ending!).ConfigureAwait(false);
        if (!accepted.IsCompleted)
            await limit.CancelAsync().ConfigureAwait(false);
        try
        {
            return await accepted.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Takes no more connections, so that a client that connects again is refused and does not wait.</summary>
    public void StopListening() => _listener?.Dispose();

    /// <summary>Waits until the client has ended.</summary>
    /// <returns>How, or null when the time is up.</returns>
    public async Task<ClientEnding?> EndingAsync(TimeSpan timeout)
    {
        try
        {
            return await _ending!.WaitAsync(timeout, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync().ConfigureAwait(false);
        StopListening();
        if (_ending is { } ending)
            await ((Task)ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private void Start()
    {
        if (_listener is not null)
            return;
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
        Authority = $"{client.Host}:{((IPEndPoint)_listener.LocalEndPoint!).Port}";
        var origin = $"{(client.Tls ? "https" : "http")}://{Authority}";
        var urls = task == ClientTask.Several ? Enumerable.Range(1, SeveralUrls).Select(i => $"{origin}{Path}{i}") : [origin + Path];
        var call = new ClientCall(
            task, [.. urls], task == ClientTask.Upload ? Upload : default, client.Tls ? ServerCertificate.Instance : null, id => ProcessId = id);
        _ending = client.RunAsync(call, _over.Token);
    }
}
