using System.Reflection;

namespace Http2.Shell;

/// <summary>
/// Takes threads and assemblies that a serving process cannot do without before it needs them: later the system may have no thread or descriptor
/// left. These methods change the whole process, so a library must not call them; the program decides, as <c>http2 serve</c> does.
/// </summary>
public static class Http2ProcessReserve
{
    private static readonly string?[] Own = ["Http2.Shell", "Http2.Pure", "Hpack.Pure"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Loads the assemblies that an assembly refers to, and those that this server's own assemblies refer to. The runtime loads an assembly when it
    /// is first used, which takes descriptors; an assembly that it could not load then, it never loads again. Thread-safe; takes some
    /// milliseconds.
    /// </summary>
    /// <param name="assembly">The assembly, such as that of the handlers.</param>
    /// <param name="except">Names of references that are not needed for serving.</param>
    public static void LoadReferences(Assembly assembly, params IEnumerable<string> except)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var seen = except.ToHashSet(StringComparer.Ordinal);
        for (var left = new Stack<Assembly>([assembly]); left.TryPop(out var from);)
        {
            foreach (var name in from.GetReferencedAssemblies().Where(name => seen.Add(name.Name ?? "")))
            {
                // All that the framework's own refer to would be a hundred, most of which nobody uses.
                if (TryLoad(name) is { } loaded && Own.Contains(name.Name))
                    left.Push(loaded);
            }
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception failure) when (failure is IOException or BadImageFormatException)
        {
            // A reference that is not there is missed by whoever uses it, if anybody does.
            return null;
        }
    }

    /// <summary>
    /// Makes the threads of the runtime's thread pool and of its timers now, and lets the pool have no more: the runtime ends the process when it
    /// wants a thread for its pool and the system gives none. Threads that were idle for long end, unless the process keeps them (the setting
    /// <c>System.Threading.ThreadPool.ThreadsToKeepAlive</c> is -1). Thread-safe; blocks for some milliseconds.
    /// </summary>
    /// <param name="poolThreads">How many threads the pool has from now on, at least as many as there are cores.</param>
    /// <returns>Whether all threads could be made; when false, the pool is left as it was.</returns>
    public static bool MakePoolThreads(int poolThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(poolThreads, 1);
        poolThreads = Math.Max(poolThreads, Environment.ProcessorCount);
        ThreadPool.GetMinThreads(out var least, out var leastCompletions);
        ThreadPool.GetMaxThreads(out _, out var mostCompletions);
        if (!ThreadPool.SetMinThreads(poolThreads, leastCompletions))
            return false;
        using var all = new CountdownEvent(poolThreads);
        using var goOn = new ManualResetEventSlim();
        var made = true;
        try
        {
            // Each holds its thread until all are there, so each has its own.
            for (var i = 0; i < poolThreads; i++)
                ThreadPool.UnsafeQueueUserWorkItem(_ => Hold(all, goOn), null);
            // The first timer that is set starts the thread of all.
            using var timer = new Timer(static _ => { }, null, dueTime: 1, Timeout.Infinite);
            made = all.Wait(Patience);
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            made = false;
        }
        finally
        {
            goOn.Set();
            ThreadPool.SetMinThreads(least, leastCompletions);
        }
        if (!made)
            return false;
        // First few, so that no more than that work at a time unless they are held up; then as many as there are.
        return ThreadPool.SetMaxThreads(Math.Max(least, Environment.ProcessorCount), mostCompletions)
            && ThreadPool.SetMaxThreads(poolThreads, mostCompletions);
    }

    private static void Hold(CountdownEvent all, ManualResetEventSlim goOn)
    {
        try
        {
            all.Signal();
            goOn.Wait(Patience);
        }
        catch (Exception late) when (late is ObjectDisposedException or InvalidOperationException)
        {
            // Whoever asked for this has gone on without it.
        }
    }
}
