using System.Runtime.ExceptionServices;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// A server's connection over a scripted transport, at rest between the calls of the test. The test's thread is the owner within
/// <see cref="AsOwner"/>, and like any other thread elsewhere: what it asks for there waits for <see cref="Run"/>.
/// </summary>
internal sealed class PlayedServer
{
    private readonly FrameLines _lines = new();
    private int _seen;

    /// <summary>A server whose delegate gets the requests and answers with <see cref="Answer"/>.</summary>
    public PlayedServer(Http2ServerOptions? options = null, OriginCheck? origins = null)
        : this(server => new ServerHost(server.Defaults(options), static () => new Http2Request())
        {
            Handler = request =>
            {
                server.Requests.Add(request);
                return server.Answer(request);
            },
        }, origins)
    {
    }

    /// <summary>A server whose requests are handled by what a function makes.</summary>
    public PlayedServer(Func<Http2RequestHandler> handlers, Http2ServerOptions? options = null, OriginCheck? origins = null)
        : this(server => new ServerHost(server.Defaults(options), handlers), origins)
    {
    }

    private PlayedServer(Func<PlayedServer, ServerHost> host, OriginCheck? origins)
    {
        Host = host(this);
        Host.Engine.Scheduler = Scheduler;
        Connection = new Http2Connection(Host.Engine, Transport, new Http2ConnectionInfo(1, null, null));
        Role = new ServingRole(Connection, Host, origins);
    }

    public StatedTime Time { get; } = new();

    public TestLog Log { get; } = new();

    public QueueScheduler Scheduler { get; } = new();

    public ScriptedTransport Transport { get; } = new();

    public ServerHost Host { get; }

    public Http2Connection Connection { get; }

    public ServingRole Role { get; }

    public CoreSession Core => Connection.Core;

    /// <summary>The requests that the delegate got.</summary>
    public List<Http2Request> Requests { get; } = [];

    /// <summary>The only one of them.</summary>
    public Http2Request Request => Assert.Single(Requests);

    /// <summary>How the delegate answers; at first it never does.</summary>
    public Func<Http2Request, ValueTask<Http2Response>> Answer { get; set; } =
        static _ => new(new TaskCompletionSource<Http2Response>().Task);

    /// <summary>Begins; the client has sent its preface, its settings, and what is given here.</summary>
    public PlayedServer Start(params ReadOnlySpan<byte> octets)
    {
        Connection.Start(Role, Rooms.Preface);
        Frames();
        if (!octets.IsEmpty)
            Take(octets.ToArray());
        return this;
    }

    /// <summary>The client sends frames, and the owner does all that follows from them.</summary>
    public void Take(params byte[] octets) => AsOwner(() => Feed(octets));

    /// <summary>The core takes frames; what it tells of them is not delivered. Owner only.</summary>
    public void Feed(params byte[] octets)
    {
        for (ReadOnlyMemory<byte> left = octets; !left.IsEmpty;)
            left = left[Core.Receive(left)..];
    }

    /// <summary>Does something as the owner, behind all that was asked for before; then the run goes on as any other.</summary>
    public void AsOwner(Action work)
    {
        var task = Post(work);
        Run();
        task.Rethrow();
    }

    /// <summary>Has something done as the owner, and does not wait for it.</summary>
    public Work Post(Action work)
    {
        var task = new Work(work);
        Connection.Owner.Post(task);
        return task;
    }

    /// <summary>Carries out what was scheduled, until nothing is.</summary>
    public void Run()
    {
        while (Scheduler.Queue.Count > 0)
            Scheduler.RunOne();
    }

    /// <summary>Takes the connection away from the call of user code that this is called in, and goes on with it as its next owner.</summary>
    public void LeaveBehind()
    {
        Assert.True(Connection.Owner.TryTakeAway(Connection.Owner.CurrentCall, computes: false));
        Run();
    }

    /// <summary>What was sent since this was asked before.</summary>
    public List<string> Frames()
    {
        var sent = Transport.Sent.AsSpan(_seen);
        _seen += sent.Length;
        return _lines.Of(sent);
    }

    /// <summary>The texts of what was logged under an event.</summary>
    public IEnumerable<string> Logged(int eventId) => Log.Lines.Where(line => line.Event == eventId).Select(static line => line.Text);

    private Http2ServerOptions Defaults(Http2ServerOptions? options) =>
        (options ?? new Http2ServerOptions()) with { TimeProvider = Time, LoggerFactory = Log, SendDate = false, ServerHeader = null };

    /// <summary>Something that the owner does; what it throws is kept.</summary>
    internal sealed class Work(Action work) : OwnerTask
    {
        private ExceptionDispatchInfo? _failure;

        public override void Run()
        {
            try
            {
                work();
            }
            catch (Exception failure)
            {
                // the connection would take it for a failure of its own
                _failure = ExceptionDispatchInfo.Capture(failure);
            }
        }

        public void Rethrow() => _failure?.Throw();
    }
}
