using System.Diagnostics;

namespace Http2.Tool;

/// <summary>Tells clients once a millisecond that time has passed, on a thread of its own: nothing that a server does can hold it up.</summary>
internal sealed class LoadTicker : IDisposable
{
    private readonly IReadOnlyList<LoadClient> _clients;
    private readonly Thread _thread;
    private volatile bool _isOver;

    /// <summary>Begins.</summary>
    /// <param name="clients">Who is told.</param>
    public LoadTicker(IReadOnlyList<LoadClient> clients)
    {
        _clients = clients;
        _thread = new Thread(Run) { IsBackground = true, Name = "load-ticker", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_isOver)
        {
            foreach (var client in _clients)
                client.Look(Stopwatch.GetTimestamp());
            Thread.Sleep(1);
        }
    }
}
