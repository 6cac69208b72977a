using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>A schedule over two honest ends and the wires between them; the same for the same schedule.</summary>
internal sealed class Run
{
    private readonly Schedule _schedule;
    private readonly Queue<byte> _up = [];
    private readonly Queue<byte> _down = [];

    public Run(Schedule schedule)
    {
        _schedule = schedule;
        var random = new Random(schedule.Options);
        Client = new HonestClient(AnyOptions(random));
        Server = new HonestServer(AnyOptions(random));
    }

    public HonestClient Client { get; }

    public HonestServer Server { get; }

    public long Now { get; private set; }

    /// <summary>The steps of the schedule, then everything is brought to its end.</summary>
    public void Play()
    {
        foreach (var step in _schedule.Steps)
        {
            var random = new Random(step);
            Client.Random = Server.Random = random;
            Now += random.Next(3);
            switch (random.Next(6))
            {
                case 0 or 1:
                    Client.Act(Now);
                    break;
                case 2 or 3:
                    Server.Act(Now);
                    break;
                case 4:
                    Deliver(Client, _up, Server, Some(random));
                    break;
                default:
                    Deliver(Server, _down, Client, Some(random));
                    break;
            }
        }
        Settle();
    }

    /// <summary>Both applications finish what they began, and everything arrives.</summary>
    public void Settle()
    {
        for (var round = 0; round < 100_000; round++)
        {
            var busy = Client.Finish() | Server.Finish();
            busy |= Deliver(Client, _up, Server, int.MaxValue) | Deliver(Server, _down, Client, int.MaxValue);
            if (busy)
                continue;
            HangUp();
            return;
        }
        Assert.Fail("the ends never come to rest");
    }

    // an end that is finished closes the transport, and the other one sees that
    private void HangUp()
    {
        foreach (var (one, other) in ((HonestApp, HonestApp)[])[(Client, Server), (Server, Client)])
        {
            if (one.End.IsFinished && !other.End.IsFinished)
                other.End.Do((state, effects) => Connection.Disconnect(state, effects));
        }
    }

    public void AssertNoFault()
    {
        // a client may ask for more before it has read the limit, and what the server still works on holds its place: refusing is no blame
        Assert.DoesNotContain(Server.Faults, fault => fault is not Fault.OfStream { Code: ErrorCode.RefusedStream });
        Assert.Empty(Client.Faults);
    }

    public void AssertAnswers()
    {
        foreach (var exchange in Client.Exchanges.Values)
        {
            Assert.True(exchange.Closed == 1, $"the client was told {exchange.Closed} times that stream {exchange.Id} is closed");
            var there = Server.Exchanges.GetValueOrDefault(exchange.Id);
            if (there is null)
            {
                Assert.True(
                    exchange.GivenUp || exchange.Code == ErrorCode.RefusedStream, $"stream {exchange.Id} never came: {exchange.Code}");
                continue;
            }
            Assert.True(there.Closed == 1, $"the server was told {there.Closed} times that stream {exchange.Id} is closed");
            if (exchange.GivenUp)
                continue;
            // the server may have given up on the request, but not before its answer was complete
            if (!there.GivenUp || there.Complete)
                there.Sent.AssertSame(exchange.Came, $"answer on {exchange.Id}");
            if (there.GivenUp)
                continue;
            Assert.False(exchange.Abnormal, $"stream {exchange.Id} closed with {exchange.Code}");
            if (exchange.Id.IsClientInitiated)
                exchange.Sent.AssertSame(there.Came, $"request on {exchange.Id}");
        }
        Assert.All(Server.Exchanges.Values, exchange => Assert.Equal(1, exchange.Closed));
    }

    public void AssertPushes()
    {
        Assert.All(Client.Promises, promise => Assert.Equal(Server.Promises[promise.Key], promise.Value));
        // a promise that the client did not want was refused, unless the client was gone already
        var refused = WireChecks.Frames(Client.End.Sent, Role.Client).OfType<Frame.RstStream>().Select(frame => frame.StreamId).ToHashSet();
        Assert.All(
            Server.Exchanges.Keys.Where(id => id.IsServerInitiated && !Client.Promises.ContainsKey(id)),
            id => Assert.True(refused.Contains(id) || Client.End.IsFinished, $"the client neither took nor refused push {id}"));
    }

    /// <summary>What one end may send is what the other end expects, and nothing is lost but what is owed.</summary>
    public void AssertCredit()
    {
        AssertCredit(Client, Server);
        AssertCredit(Server, Client);
    }

    private static void AssertCredit(HonestApp sender, HonestApp receiver)
    {
        var (from, to) = (sender.End.State.Core, receiver.End.State.Core);
        if (sender.End.IsFinished || receiver.End.IsFinished)
            return;
        Assert.Equal(to.Flow.Receive, from.Flow.Send);
        Assert.Equal(0, to.Flow.Unread);
        var whole = Math.Max(receiver.End.Options.InitialConnectionWindow, WireConstants.InitialWindow);
        Assert.InRange(to.Flow.Receive.Octets, (whole / 2) + 1, whole);
        Assert.Equal(0, from.Streams.WaitingCount);
        Assert.Equal((0, 0), (from.Streams.OwnCount, to.Streams.PeerCount));
        Assert.Equal((0, 0), (from.Streams.LingeringCount, from.Streams.Set.Count));
    }

    private bool Deliver(HonestApp from, Queue<byte> wire, HonestApp to, int most)
    {
        foreach (var octet in from.End.Take())
            wire.Enqueue(octet);
        var count = Math.Min(most, wire.Count);
        if (count == 0)
            return false;
        var octets = new byte[count];
        for (var i = 0; i < count; i++)
            octets[i] = wire.Dequeue();
        to.End.Receive(octets, Now);
        return true;
    }

    private static int Some(Random random) => random.Next(3) == 0 ? random.Next(1, 30) : random.Next(1, 20_000);

    private static ConnectionOptions AnyOptions(Random random) => new()
    {
        MaxConcurrentStreams = random.Next(1, 20),
        InitialStreamWindow = random.Next(3) == 0 ? random.Next(100) : random.Next(100_000),
        InitialConnectionWindow = random.Next(65_535, 200_000),
        MaxFrameSize = random.Next(16_384, 30_000),
        DecoderTableSize = random.Next(5000),
        EncoderTableSize = random.Next(5000),
        EnablePush = random.Next(4) > 0,
        // schedules are denser than any clock here
        GlitchLimit = new RateLimit(1_000_000, 1_000_000),
    };
}
