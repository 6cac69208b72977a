using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Events and work are delivered in order, once, whoever delivers them.</summary>
public sealed class EventDeliveryTests : IEventSink
{
    private readonly CoreSession _core = new();
    private readonly EventDelivery _delivery;
    private readonly List<string> _told = [];
    private Func<ConnectionEvent, bool> _onEvent = static _ => true;

    public EventDeliveryTests()
    {
        _core.Attach(new Effects());
        _delivery = new EventDelivery(_core, this);
    }

    bool IEventSink.Deliver(ConnectionEvent happened)
    {
        _told.Add($"{((ConnectionEvent.PingAcknowledged)happened).Opaque}/{_delivery.Part}");
        return _onEvent(happened);
    }

    [Fact]
    public void Events_come_before_the_work_that_was_put_off()
    {
        _delivery.AddWork(new Work(() => _told.Add("work")));
        Add(1, 2);
        Assert.True(_delivery.DeliverAll());
        Assert.Equal(["1/0", "2/0", "work"], _told);
        Assert.False(_delivery.HasWork);
        Assert.Empty(_core.Events);
    }

    [Fact]
    public void What_is_told_meanwhile_is_delivered_behind_the_rest()
    {
        _onEvent = happened =>
        {
            if (_told.Count == 1)
                Add(3);
            return true;
        };
        Add(1, 2);
        _delivery.AddWork(new Work(() => Add(4)));
        Assert.True(_delivery.DeliverAll());
        Assert.Equal(["1/0", "2/0", "3/0", "4/0"], _told);
    }

    [Fact]
    public void Events_may_be_put_before_all_that_no_delivery_has_begun_of()
    {
        Add(1, 2);
        _delivery.DeliverNext([Ping(8), Ping(9)]);
        Assert.True(_delivery.DeliverAll());
        Assert.Equal(["8/0", "9/0", "1/0", "2/0"], _told);
    }

    [Fact]
    public void Events_that_are_put_first_come_behind_the_rest_of_one_that_was_left_behind()
    {
        _onEvent = happened =>
        {
            _delivery.Part = 1;
            return _told.Count != 2;
        };
        Add(1, 2, 3);
        Assert.False(_delivery.DeliverAll());
        _delivery.DeliverNext([Ping(9)]);
        Assert.True(_delivery.DeliverAll());
        Assert.Equal(["1/0", "2/0", "2/1", "9/0", "3/0"], _told);
    }

    [Fact]
    public void Who_goes_on_for_one_left_behind_begins_behind_the_part_that_was_told()
    {
        _onEvent = happened =>
        {
            _delivery.Part = 2;
            return _told.Count != 2;
        };
        Add(1, 2, 3);
        Assert.False(_delivery.DeliverAll());
        Assert.True(_delivery.DeliverAll());
        Assert.Equal(["1/0", "2/0", "2/2", "3/0"], _told);
    }

    [Fact]
    public void Work_that_is_left_behind_is_not_done_again()
    {
        _delivery.AddWork(new Work(() => _told.Add("away"), comesBack: false));
        _delivery.AddWork(new Work(() => _told.Add("next")));
        Assert.False(_delivery.DeliverAll());
        Assert.True(_delivery.DeliverAll());
        Assert.Equal(["away", "next"], _told);
    }

    [Fact]
    public void What_is_forgotten_is_never_told()
    {
        Add(1);
        _delivery.Forget();
        Assert.True(_delivery.DeliverAll());
        Assert.Empty(_told);
    }

    private void Add(params ulong[] numbers) =>
        _core.Events.AddRange(numbers.Select(Ping));

    private static ConnectionEvent Ping(ulong number) => new ConnectionEvent.PingAcknowledged(number);

    private sealed class Work(Action work, bool comesBack = true) : IUserWork
    {
        public bool Run()
        {
            work();
            return comesBack;
        }
    }
}
