namespace Http2.Shell.Tests;

/// <summary>Keeps what is scheduled until the test runs it.</summary>
internal sealed class QueueScheduler : ConnectionScheduler
{
    public Queue<IThreadPoolWorkItem> Queue { get; } = new();

    public override void Schedule(IThreadPoolWorkItem connection) => Queue.Enqueue(connection);

    public void RunOne() => Queue.Dequeue().Execute();
}
