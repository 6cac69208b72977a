namespace Http2.Shell.Tests;

/// <summary>Keeps what is scheduled until the test runs it.</summary>
internal sealed class QueueScheduler : ConnectionScheduler
{
    public Queue<IThreadPoolWorkItem> Queue { get; } = new();

    /// <summary>Of what is kept, what was scheduled as taking long: whether it computes.</summary>
    public List<bool> Long { get; } = [];

    public override void Schedule(IThreadPoolWorkItem connection) => Queue.Enqueue(connection);

    public override void ScheduleLong(IThreadPoolWorkItem connection, bool computes)
    {
        Long.Add(computes);
        Queue.Enqueue(connection);
    }

    public void RunOne() => Queue.Dequeue().Execute();
}
