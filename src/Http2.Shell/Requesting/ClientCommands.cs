using System.Text;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>What may be asked of a client's connection from any thread: done at once by the owner's thread, posted by others.</summary>
/// <param name="role">The client's end of the connection.</param>
internal readonly struct ClientCommands(RequestingRole role)
{
    /// <summary>Opens a stream for a request, or has it wait for one.</summary>
    public void Send(Http2ClientExchange exchange)
    {
        role.Queue.TakePlace();
        SendInPlace(exchange);
    }

    /// <summary>The same for a request whose place was taken.</summary>
    public void SendInPlace(Http2ClientExchange exchange)
    {
        var owner = role.Connection.Owner;
        using var access = owner.TryAccess();
        if (!access.IsTaken)
        {
            owner.Post(new SendTask(role, exchange));
            return;
        }
        role.Queue.Add(exchange);
    }

    /// <summary>Tells the server another priority.</summary>
    public void Reprioritize(Http2ClientExchange exchange, Http2Priority priority)
    {
        var owner = role.Connection.Owner;
        using var access = owner.TryAccess();
        if (!access.IsTaken)
        {
            owner.Post(new PriorityTask(role, exchange, priority));
            return;
        }
        role.Connection.Core.SubmitPriority(exchange.StreamId, Encoding.ASCII.GetBytes(priority.Whole));
    }

    /// <summary>Sends a PING.</summary>
    public Task<TimeSpan> PingAsync()
    {
        var answered = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        role.Connection.Owner.Post(new PingTask(role, answered));
        return answered.Task;
    }

    private sealed class SendTask(RequestingRole role, Http2ClientExchange exchange) : OwnerTask
    {
        internal override bool IsBrief => exchange.Request.Body is null or FixedBody;

        public override void Run() => role.Queue.Add(exchange);
    }

    private sealed class PriorityTask(RequestingRole role, Http2ClientExchange exchange, Http2Priority priority) : OwnerTask
    {
        internal override bool IsBrief => true;

        // That the stream is closed by now, or not open yet, is nobody's mistake.
        public override void Run() => role.Connection.Core.SubmitPriority(exchange.StreamId, Encoding.ASCII.GetBytes(priority.Whole));
    }

    private sealed class PingTask(RequestingRole role, TaskCompletionSource<TimeSpan> answered) : OwnerTask
    {
        internal override bool IsBrief => true;

        public override void Run() => role.Pings.Send(answered);
    }
}
