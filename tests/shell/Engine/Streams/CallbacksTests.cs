using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How an application is called back: one callback of a stream after the other, also when one of them takes long.</summary>
public sealed class CallbacksTests
{
    private readonly PlayedConnection _played = new PlayedConnection().Start();
    private readonly Called _called;

    public CallbacksTests()
    {
        _called = new Called(_played.Upload());
        _played.Role.OnLeftBehind = callee => Callbacks.LeaveBehind((ICalledBack)callee);
    }

    private Callbacks Callbacks => _played.Connection.Callbacks;

    [Fact]
    public void What_is_told_is_delivered_at_once_and_has_returned_then()
    {
        Assert.True(Callbacks.Tell(_called, Data(5)));
        Assert.True(Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Done)));
        Assert.Equal(["Data 5", "returned Data 5", "Done 0", "returned Done 0"], _called.Told);
        Assert.False(Callbacks.HasAbsences);
        Assert.Equal(0, _called.Stream.WorkInProgress);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Octets_that_must_outlast_the_call_are_a_copy(bool mustKeepData)
    {
        var octets = new byte[] { 1, 2 };
        Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Data, octets), mustKeepData);
        octets[0] = 9;
        Assert.Equal(mustKeepData ? [1, 2] : [9, 2], _called.Given.ToArray());
    }

    [Fact]
    public void A_callback_that_throws_has_returned_with_that()
    {
        _called.OnDeliver = static _ => throw new InvalidTimeZoneException("torn");
        Assert.True(Callbacks.Tell(_called, Data(5)));
        Assert.Equal(["Data 5", "returned Data 5: torn"], _called.Told);
        Assert.False(Callbacks.HasAbsences);
    }

    [Fact]
    public void What_comes_while_a_task_is_not_complete_waits_for_it_in_order()
    {
        var later = new Later<bool>();
        _called.OnDeliver = _ => Returning(later);
        Assert.True(Callbacks.Tell(_called, Data(5)));
        _called.OnDeliver = static _ => default;
        var waiting = new byte[] { 1, 2, 3 };
        Assert.True(Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Data, waiting)));
        Assert.True(Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Done)));
        Assert.Equal(["Data 5"], _called.Told);
        Assert.Equal((true, 1), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
        waiting[0] = 9;
        later.Complete(true);
        Assert.Equal(["Data 5"], _called.Told);
        _played.Connection.Owner.RunTasks();
        Assert.Equal(["Data 5", "returned Data 5"], _called.Told);
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Data 3", "returned Data 3", "Done 0", "returned Done 0"], _called.Told);
        Assert.Equal((false, 0), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
        Assert.Null(_called.Absence);
        Assert.Equal([1, 2, 3], _called.Given.ToArray());
    }

    [Fact]
    public void A_task_that_is_not_complete_while_what_waited_is_told_keeps_the_rest_waiting()
    {
        Later<bool> first = new(), second = new();
        _called.OnDeliver = _ => Returning(first);
        Callbacks.Tell(_called, Data(5));
        Callbacks.Tell(_called, Data(3));
        Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Done));
        _called.OnDeliver = _ => Returning(second);
        first.Complete(true);
        _played.Connection.Owner.RunTasks();
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Data 3"], _called.Told);
        Assert.Equal((true, 1), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
        _called.OnDeliver = static _ => default;
        second.Complete(true);
        _played.Connection.Owner.RunTasks();
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Data 3", "returned Data 3", "Done 0", "returned Done 0"], _called.Told);
        Assert.Equal((false, 0), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
    }

    [Fact]
    public void A_callback_that_is_left_behind_and_throws_has_returned_with_that()
    {
        _called.OnDeliver = _ =>
        {
            LeaveBehind();
            throw new InvalidTimeZoneException("torn");
        };
        Assert.False(Callbacks.Tell(_called, Data(5)));
        _played.Connection.Owner.RunTasks();
        Assert.Equal(["Data 5", "returned Data 5: torn"], _called.Told);
    }

    [Fact]
    public void A_task_that_fails_later_has_returned_with_that()
    {
        var later = new Later<bool>();
        _called.OnDeliver = _ => Returning(later);
        Callbacks.Tell(_called, Data(5));
        later.Fail(new InvalidTimeZoneException("torn"));
        _played.Connection.Owner.RunTasks();
        Assert.Equal(["Data 5", "returned Data 5: torn"], _called.Told);
    }

    [Fact]
    public void A_callback_that_is_left_behind_has_returned_when_its_thread_says_so()
    {
        _called.OnDeliver = _ =>
        {
            LeaveBehind();
            _called.OnDeliver = static _ => default;
            // the next owner goes on meanwhile
            Assert.True(Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Done)));
            _played.Connection.Owner.RunTasks();
            Assert.True(_played.Connection.Events.DeliverAll());
            Assert.Equal(["Data 5"], _called.Told);
            Assert.Equal((true, 1), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
            return default;
        };
        Assert.False(Callbacks.Tell(_called, Data(5)));
        Assert.Equal(["Data 5"], _called.Told);
        _played.Connection.Owner.RunTasks();
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Done 0", "returned Done 0"], _called.Told);
        Assert.Equal((false, 0), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
    }

    [Fact]
    public void One_that_is_left_behind_while_what_waited_is_told_keeps_the_rest_waiting()
    {
        var later = new Later<bool>();
        _called.OnDeliver = _ => Returning(later);
        Callbacks.Tell(_called, Data(5));
        Callbacks.Tell(_called, Data(3));
        Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Done));
        later.Complete(true);
        _called.OnDeliver = _ =>
        {
            LeaveBehind();
            _called.OnDeliver = static _ => default;
            return default;
        };
        _played.Connection.Owner.RunTasks();
        Assert.False(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Data 3"], _called.Told);
        Assert.Equal(1, _called.Stream.WorkInProgress);
        _played.Connection.Owner.RunTasks();
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Data 3", "returned Data 3", "Done 0", "returned Done 0"], _called.Told);
        Assert.Equal((false, 0), (Callbacks.HasAbsences, _called.Stream.WorkInProgress));
    }

    [Fact]
    public void Of_a_stream_that_was_reset_only_the_end_is_told()
    {
        var later = new Later<bool>();
        _called.OnDeliver = _ => Returning(later);
        Callbacks.Tell(_called, Data(5));
        _called.OnDeliver = static _ => default;
        Callbacks.Tell(_called, Data(3));
        Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Close, Code: ErrorCode.Cancel));
        later.Complete(true);
        _played.Connection.Owner.RunTasks();
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(["Data 5", "returned Data 5", "Close 0", "returned Close 0"], _called.Told);
    }

    [Fact]
    public void What_waited_for_a_callback_that_failed_is_credited_and_not_told()
    {
        _played.Core.Receive(Requests.Data(1, 3));
        _played.Core.Events.Clear();
        var later = new Later<bool>();
        _called.OnDeliver = _ => Returning(later);
        Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Headers));
        _called.OnDeliver = static _ => default;
        Callbacks.Tell(_called, Data(3));
        Callbacks.Tell(_called, new Delivery(Delivery.Kinds.Close));
        _called.IsToldTheEndOnly = true;
        later.Complete(true);
        _played.Connection.Owner.RunTasks();
        Assert.True(_played.Connection.Events.DeliverAll());
        _played.Connection.Owner.RunTasks();
        Assert.Equal(["Headers 0", "returned Headers 0", "Close 0", "returned Close 0"], _called.Told);
        Assert.Equal(0, _played.Core.Unread);
    }

    [Fact]
    public void A_stream_that_closed_early_is_forgotten_when_its_callbacks_are_done()
    {
        var later = new Later<bool>();
        _called.OnDeliver = _ => Returning(later);
        Callbacks.Tell(_called, Data(5));
        _played.Connection.Exchanges.Outlive(_called.Stream);
        later.Complete(true);
        _played.Connection.Owner.RunTasks();
        Assert.Equal(1, _played.Connection.Exchanges.Outliving);
        Assert.True(_played.Connection.Events.DeliverAll());
        Assert.Equal(0, _played.Connection.Exchanges.Outliving);
    }

    private static Delivery Data(int octets) => new(Delivery.Kinds.Data, new byte[octets]);

    private static async ValueTask Returning(Later<bool> later) => await later.Task.ConfigureAwait(false);

    private void LeaveBehind() => Assert.True(_played.Connection.Owner.TryTakeAway(_played.Connection.Owner.CurrentCall, computes: false));

    /// <summary>An application that notes what it is told.</summary>
    private sealed class Called(PlainStream stream) : ICalledBack
    {
        public List<string> Told { get; } = [];

        /// <summary>The octets of the last delivery that had any.</summary>
        public ReadOnlyMemory<byte> Given { get; private set; }

        /// <summary>What the callback does.</summary>
        public Func<Delivery, ValueTask> OnDeliver { get; set; } = static _ => default;

        public Http2Stream Stream => stream;

        public Absence? Absence { get; set; }

        public bool IsToldTheEndOnly { get; set; }

        public ValueTask Deliver(in Delivery delivery)
        {
            Told.Add($"{delivery.Kind} {delivery.Data.Length}");
            if (!delivery.Data.IsEmpty)
                Given = delivery.Data;
            return OnDeliver(delivery);
        }

        public void Returned(Delivery.Kinds kind, int octets, Exception? failure) =>
            Told.Add($"returned {kind} {octets}{(failure is null ? "" : $": {failure.Message}")}");
    }
}
