namespace Http2.Shell;

/// <summary>A connection that something has woken: it runs on the thread that executes it, or elsewhere.</summary>
internal interface IWoken : IThreadPoolWorkItem
{
    /// <summary>Has it executed soon, on another thread.</summary>
    void RunElsewhere();
}
