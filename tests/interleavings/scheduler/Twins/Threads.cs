namespace Http2.Interleavings.Twins;

/// <summary>Stands in for <see cref="System.Threading.Thread"/>: a strand.</summary>
public sealed class Thread
{
    [ThreadStatic]
    private static Thread? t_outside;

    private readonly ThreadStart? _body;
    private Strand? _strand;

    public Thread(ThreadStart body) => _body = body;

    private Thread(Strand? strand) => _strand = strand;

    /// <summary>The thread that stands for the strand that calls.</summary>
    public static Thread CurrentThread => Strand.Current is { } me ? me.Thread ??= new Thread(me) : t_outside ??= new Thread((Strand?)null);

    public bool IsBackground { get; set; }

    public string? Name { get; set; }

    public bool IsThreadPoolThread => _strand is { IsPoolThread: true };

    public int ManagedThreadId => _strand is null ? Environment.CurrentManagedThreadId : NumberOf(_strand);

    public bool IsAlive => _strand is { IsDone: false };

    public static void Sleep(int milliseconds)
    {
        if (milliseconds == 0)
            Yield();
        else
            Step.Wait("time to pass", static () => false, milliseconds);
    }

    public static void Sleep(TimeSpan time) => Sleep((int)time.TotalMilliseconds);

    public static bool Yield()
    {
        if (Strand.Current is { } me)
            me.Schedule.Spin(me);
        return true;
    }

    public void Start()
    {
        var body = _body!;
        if (Strand.Current is not { } me)
        {
            // a type that begins before there is a schedule
            new System.Threading.Thread(body) { IsBackground = true }.Start();
            return;
        }
        Step.Now();
        _strand = me.Schedule.Add(Name ?? "thread", IsBackground, () => body());
        _strand.Thread = this;
        Step.Tell($"starts {_strand.Name}");
    }

    public void UnsafeStart() => Start();

    public void Join() => Step.Wait($"the end of {Name}", () => !IsAlive);

    internal static int NumberOf(Strand strand) => 100 + strand.Number;
}

/// <summary>Stands in for <see cref="System.Threading.ThreadPool"/>: each piece of work is a strand.</summary>
public static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem(IThreadPoolWorkItem work, bool preferLocal) => Queue(work.Execute);

    public static bool UnsafeQueueUserWorkItem(WaitCallback work, object? state) => Queue(() => work(state));

    public static bool UnsafeQueueUserWorkItem<TState>(Action<TState> work, TState state, bool preferLocal) => Queue(() => work(state));

    public static bool QueueUserWorkItem<TState>(Action<TState> work, TState state, bool preferLocal) => Queue(() => work(state));

    public static void GetMinThreads(out int workers, out int ports) => System.Threading.ThreadPool.GetMinThreads(out workers, out ports);

    public static void GetMaxThreads(out int workers, out int ports) => System.Threading.ThreadPool.GetMaxThreads(out workers, out ports);

    public static bool SetMinThreads(int workers, int ports) => System.Threading.ThreadPool.SetMinThreads(workers, ports);

    public static bool SetMaxThreads(int workers, int ports) => System.Threading.ThreadPool.SetMaxThreads(workers, ports);

    internal static bool Queue(Action work)
    {
        if (Strand.Current is not { } me)
            return System.Threading.ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);
        Step.Now();
        var strand = me.Schedule.Add("pool", isBackground: false, work);
        strand.IsPoolThread = true;
        Step.Tell("queues work for the pool");
        return true;
    }
}
