using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>An application that keeps the rules, over either end: it does at random what it may do, and writes down what happens.</summary>
internal abstract class HonestApp
{
    protected HonestApp(Role role, ConnectionOptions options)
    {
        End = new End(role, options) { Handler = OnEvent };
    }

    public End End { get; }

    public Dictionary<StreamId, Exchange> Exchanges { get; } = [];

    /// <summary>The faults that the peer was found guilty of.</summary>
    public List<Fault> Faults { get; } = [];

    public StreamId? GoAway { get; private set; }

    /// <summary>What it throws its dice with, until the next step of the schedule.</summary>
    public Random Random { get; set; } = new(0);

    protected IEnumerable<Exchange> Live => Exchanges.Values.Where(exchange => exchange.Closed == 0);

    /// <summary>Does something that may be done.</summary>
    public abstract void Act(long now);

    /// <summary>Brings everything that was begun towards its end.</summary>
    /// <returns>Whether there was anything to do.</returns>
    public abstract bool Finish();

    protected Refusal Command(Func<ConnectionState, Effects, (Refusal, ConnectionState)> command)
    {
        var refusal = Refusal.None;
        End.Do((state, effects) =>
        {
            var length = effects.Output.Length;
            (refusal, var next) = command(state, effects);
            // a refused command has changed nothing
            if (refusal != Refusal.None)
            {
                Assert.Equal(state, next);
                Assert.Equal(length, effects.Output.Length);
            }
            return next;
        });
        return refusal;
    }

    protected virtual void OnEvent(ConnectionEvent e)
    {
        switch (e)
        {
            case ConnectionEvent.DataReceived data:
                Exchanges[data.Id].Came.Body.AddRange(data.Data.Span);
                Exchanges[data.Id].Unconsumed += data.Data.Length;
                EndCame(data.Id, data.EndStream);
                break;
            case ConnectionEvent.TrailersReceived trailers:
                Exchanges[trailers.Id].Came.Trailers = Text(trailers.Fields.ToFields());
                EndCame(trailers.Id, true);
                break;
            case ConnectionEvent.StreamClosed closed:
                var exchange = Exchanges[closed.Id];
                exchange.Closed++;
                (exchange.Code, exchange.Abnormal) = (closed.Code, closed.Abnormal);
                break;
            case ConnectionEvent.GoAwayReceived goAway:
                Assert.True(GoAway is null || goAway.LastStreamId.Value <= GoAway.Value.Value);
                GoAway = goAway.LastStreamId;
                break;
            case ConnectionEvent.StreamFaulted { Fault: var fault }:
                Faults.Add(fault);
                break;
            case ConnectionEvent.ConnectionFaulted { Fault: var fault }:
                Faults.Add(fault);
                break;
            default:
                break;
        }
    }

    protected void EndCame(StreamId id, bool end)
    {
        var came = Exchanges[id].Came;
        Assert.False(came.Ended, $"something came on stream {id} behind its end");
        Assert.Equal(0, Exchanges[id].Closed);
        came.Ended = end;
    }

    protected Exchange? AnyOf(Func<Exchange, bool> which)
    {
        var candidates = Exchanges.Values.Where(which).ToArray();
        return candidates.Length == 0 ? null : candidates[Random.Next(candidates.Length)];
    }

    protected byte[] Octets(int most)
    {
        var octets = new byte[Random.Next(4) == 0 ? Random.Next(most + 1) : Random.Next(Math.Min(most, 300) + 1)];
        Random.NextBytes(octets);
        return octets;
    }

    protected HeaderField[] SomeFields() => [.. Enumerable.Range(0, Random.Next(4)).Select(_ =>
        new HeaderField(
            $"x-{Random.Next(6)}", new string('v', Random.Next(3) == 0 ? Random.Next(600) : Random.Next(10)), Random.Next(8) == 0))];

    protected static string Text(IEnumerable<HeaderField> fields) => string.Join('|', fields);

    /// <summary>Sends more of a message that was begun.</summary>
    protected void SendMore(Exchange exchange, bool finish)
    {
        var data = exchange.Left < 0
            ? finish ? [] : Octets(20_000)
            : new byte[finish ? exchange.Left : Math.Min(exchange.Left, Random.Next(5000))];
        Random.NextBytes(data);
        var complete = exchange.Left < 0 || exchange.Left == data.Length;
        var end = complete && (finish || Random.Next(3) == 0);
        var trailers = end && !exchange.IsTunnel && Random.Next(3) == 0;
        Assert.Equal(Refusal.None, Command((state, effects) =>
            (Connection.SubmitData(state, exchange.Id, data, end && !trailers, effects, out var next), next)));
        exchange.Sent.Body.AddRange(data);
        exchange.Left -= exchange.Left < 0 ? 0 : data.Length;
        exchange.Sent.Ended = end;
        if (!trailers)
            return;
        HeaderField[] fields = [.. SomeFields(), new("x-end", "1")];
        exchange.Sent.Trailers = Text(fields);
        Assert.Equal(Refusal.None, Command((state, effects) =>
            (Connection.SubmitTrailers(state, exchange.Id, fields, effects, out var next), next)));
    }

    protected void Reset(Exchange exchange, ErrorCode code)
    {
        exchange.GivenUp = true;
        exchange.Complete = exchange.Sent.Ended && Connection.Queued(End.State, exchange.Id) == 0;
        Assert.Equal(Refusal.None, Command((state, effects) =>
            (Connection.SubmitReset(state, exchange.Id, code, effects, out var next), next)));
        Assert.Equal(1, exchange.Closed);
    }

    protected void Consume(Exchange exchange, int octets)
    {
        exchange.Unconsumed -= octets;
        End.Do((state, effects) => Connection.Consume(state, exchange.Id, octets, effects));
    }

    protected void ChangeSettings(long now, params Setting[] more)
    {
        Setting[] settings =
        [
            .. new Setting[]
            {
                new(SettingId.InitialWindowSize, (uint)(Random.Next(3) == 0 ? Random.Next(200_000) : Random.Next(3000))),
                new(SettingId.HeaderTableSize, (uint)Random.Next(9000)),
                new(SettingId.MaxFrameSize, (uint)Random.Next(16384, 20000)),
                new(SettingId.MaxConcurrentStreams, (uint)Random.Next(1, 30)),
            }.Where(_ => Random.Next(2) == 0),
            .. more,
        ];
        var refusal = Command((state, effects) => (Connection.SubmitSettings(state, settings, now, effects, out var next), next));
        Assert.Equal(End.IsFinished ? Refusal.GoingAway : Refusal.None, refusal);
    }

    /// <summary>What both applications do alike.</summary>
    protected void ActCommonly(long now)
    {
        switch (Random.Next(12))
        {
            case 0:
                ChangeSettings(now);
                break;
            case 1:
                var opaque = (ulong)Random.Next(5);
                End.Do((state, effects) => Connection.SubmitPing(state, opaque, effects));
                break;
            case 2 when AnyOf(exchange => exchange.Closed > 0 && exchange.Abnormal && !exchange.Retired) is { } over:
                Retire(over);
                break;
            case 3:
                End.Do((state, effects) => Connection.Tick(state, now, effects));
                break;
            case < 8 when AnyOf(exchange => exchange.Unconsumed > 0) is { } unread:
                Consume(unread, Random.Next(2) == 0 ? unread.Unconsumed : Random.Next(1, unread.Unconsumed + 1));
                break;
            default:
                var budget = Random.Next(1, 5000);
                End.Do((state, effects) => Connection.Drain(state, budget, effects));
                break;
        }
    }

    protected bool FinishCommonly()
    {
        var busy = false;
        foreach (var exchange in Exchanges.Values.ToArray())
        {
            if (exchange.CanSend)
                SendMore(exchange, finish: true);
            if (exchange is { Closed: > 0, Abnormal: true, Retired: false })
                Retire(exchange);
            if (exchange.Unconsumed > 0)
            {
                Consume(exchange, exchange.Unconsumed);
                busy = true;
            }
        }
        while (Connection.CanDrain(End.State))
        {
            End.Do((state, effects) => Connection.Drain(state, 100_000, effects));
            busy = true;
        }
        return busy;
    }

    private void Retire(Exchange exchange)
    {
        exchange.Retired = true;
        End.Do((state, _) => Connection.Retire(state, exchange.Id));
    }
}
