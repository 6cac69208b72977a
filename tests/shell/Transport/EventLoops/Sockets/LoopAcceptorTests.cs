using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Accepting on event loops whose only thread is held meanwhile, so that nobody but the test accepts. Descriptors are short when the test says so.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class LoopAcceptorTests : IDisposable
{
    private readonly ManualResetEventSlim _goOn = new();
    private readonly List<NativeSocket> _taken = [];
    private readonly List<AcceptOutcome> _failures = [];
    private readonly List<Socket> _clients = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly EventLoops _loops;
    private readonly LoopAcceptor _acceptor;
    private bool _isShort;
    private Action _onTake = static () => { };
    private Action _onFailure = static () => { };

    public LoopAcceptorTests()
    {
        _loops = new EventLoops(new LoopSettings(1) { Limit = 1, Spare = 0, Refuse = what => what == Scarce.Descriptor && _isShort });
        using var held = new ManualResetEventSlim();
        _loops.Schedule(new CountedWork
        {
            Then = () =>
            {
                held.Set();
                _goOn.Wait();
            },
        });
        Assert.True(held.Wait(Patience.Time));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _acceptor = new LoopAcceptor(
            _listener, _loops,
            (socket, _) =>
            {
                _onTake();
                _taken.Add(socket);
            },
            (_, outcome) =>
            {
                _failures.Add(outcome);
                _onFailure();
            });
    }

    [Fact]
    public void All_that_wait_are_accepted()
    {
        for (var i = 0; i < 3; i++)
            Connect();
        _acceptor.GoOn();
        Assert.Equal(3, _taken.Count);
        Assert.Empty(_failures);
    }

    [Fact]
    public void A_report_that_comes_while_accepting_ends_is_followed_by_another_look()
    {
        _isShort = true;
        _onFailure = () =>
        {
            _isShort = false;
            Connect();
            // the report of it, which another thread would bring
            _acceptor.GoOn();
        };
        _acceptor.GoOn();
        Assert.Equal([AcceptOutcome.NoMemory], _failures);
        Assert.Single(_taken);
    }

    [Fact]
    public void After_a_failure_the_next_report_is_followed_by_a_look_again()
    {
        Connect();
        _onTake = static () => throw new OutOfMemoryException();
        Assert.Throws<OutOfMemoryException>(_acceptor.GoOn);
        _onTake = static () => { };
        Connect();
        _acceptor.GoOn();
        Assert.Single(_taken);
    }

    [Fact]
    public void Who_waits_until_all_are_accepted_is_told_at_once_and_behind_a_failure_too()
    {
        Connect();
        _onTake = static () => throw new OutOfMemoryException();
        Assert.Throws<OutOfMemoryException>(_acceptor.GoOn);
        _onTake = static () => { };
        Connect();
        Assert.True(_acceptor.FinishAsync().IsCompletedSuccessfully);
        Assert.Single(_taken);
    }

    public void Dispose()
    {
        _goOn.Set();
        _acceptor.Close();
        _loops.Dispose();
        _listener.Dispose();
        _taken.ForEach(static socket => socket.Dispose());
        _clients.ForEach(static socket => socket.Dispose());
        _goOn.Dispose();
    }

    private void Connect()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _clients.Add(client);
        client.Connect(_listener.LocalEndPoint!);
    }
}
