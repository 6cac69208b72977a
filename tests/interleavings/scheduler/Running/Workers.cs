namespace Http2.Interleavings;

/// <summary>Threads that run strands, one after the other: starting one for each strand would take most of the time.</summary>
internal static class Workers
{
    private static readonly Stack<Worker> Idle = new();

    /// <summary>Has a strand run by a thread, once it is let.</summary>
    public static void Run(Strand strand)
    {
        Worker? worker;
        lock (Idle)
            Idle.TryPop(out worker);
        worker ??= new Worker();
        worker.Strand = strand;
        strand.Baton = worker.Baton;
    }

    private sealed class Worker
    {
        public Worker() => new Thread(Loop, 256 * 1024) { IsBackground = true, Name = "strand" }.Start();

        public Baton Baton { get; } = new();

        public Strand? Strand { get; set; }

        private void Loop()
        {
            while (true)
            {
                // the strand is let go on for the first time
                Baton.Await();
                var strand = Strand!;
                Resets.Thread();
                Strand.Current = strand;
                strand.Schedule.Begin(strand);
                Strand.Current = null;
                lock (Idle)
                    Idle.Push(this);
                strand.Schedule.End(strand);
            }
        }
    }
}

/// <summary>What the rewritten assembly can do so that each run begins like the first: statics get the values that they begin with.</summary>
public static class Resets
{
    private static Action s_thread = static () => { };
    private static Action s_process = static () => { };

    /// <summary>Sets the statics of the calling thread.</summary>
    internal static void Thread() => s_thread();

    /// <summary>Sets the statics that all threads share.</summary>
    internal static void Process() => s_process();

    /// <summary>Takes the methods that the rewriting has added to an assembly, and has all its types initialised before a strand runs.</summary>
    /// <exception cref="InvalidOperationException">The assembly was not rewritten.</exception>
    public static void Use(System.Reflection.Assembly assembly)
    {
        var type = assembly.GetType(Rewriting.Statics.TypeName)
            ?? throw new InvalidOperationException($"{assembly.Location} was not rewritten; build the project that has the scenarios.");
        s_thread = type.GetMethod(Rewriting.Statics.ThreadMethod)!.CreateDelegate<Action>();
        s_process = type.GetMethod(Rewriting.Statics.ProcessMethod)!.CreateDelegate<Action>();
        foreach (var one in assembly.GetTypes().Where(one => !one.ContainsGenericParameters && one.TypeInitializer is not null))
            System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(one.TypeHandle);
    }
}
