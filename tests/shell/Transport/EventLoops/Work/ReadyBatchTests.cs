using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Reports that a loop's thread takes together, and what becomes of them when it is held up.</summary>
[SupportedOSPlatform("linux")]
public sealed class ReadyBatchTests
{
    [Fact]
    public void Reports_are_taken_in_order_each_once_and_a_batch_may_be_filled_again()
    {
        var batch = new ReadyBatch();
        Assert.False(batch.TryTake(out _));
        for (var filling = 1; filling <= 3; filling++)
        {
            var reports = Reports(filling * 10, count: filling * 10);
            batch.Fill(reports, 0);
            Assert.Equal(reports, TakeAll(batch));
            Assert.False(batch.TryTake(out _));
        }
    }

    [Fact]
    public void A_batch_is_old_from_a_time_on_until_it_is_empty()
    {
        var batch = new ReadyBatch();
        Assert.False(batch.IsOlderThan(long.MaxValue));
        batch.Fill(Reports(0, 2), now: 100);
        Assert.False(batch.IsOlderThan(100));
        Assert.True(batch.IsOlderThan(101));
        Assert.True(batch.TryTake(out _));
        Assert.True(batch.IsOlderThan(101));
        Assert.True(batch.TryTake(out _));
        Assert.False(batch.IsOlderThan(101));
    }

    [Fact]
    public async Task Threads_that_take_at_the_same_time_take_each_report_of_each_filling_once()
    {
        const int Fillings = 2_000;
        var batch = new ReadyBatch();
        var ended = false;
        var thieves = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var taken = new List<ReadyReport>();
            while (!Volatile.Read(ref ended))
                taken.AddRange(TakeAll(batch));
            return taken;
        })).ToList();
        var own = new List<ReadyReport>();
        for (var filling = 0; filling < Fillings; filling++)
        {
            batch.Fill(Reports(filling * ReadyBatch.Most, ReadyBatch.Most), 0);
            own.AddRange(TakeAll(batch));
        }
        Volatile.Write(ref ended, true);
        var all = own.Concat((await Task.WhenAll(thieves)).SelectMany(taken => taken)).OrderBy(report => report.Token);
        Assert.Equal(Reports(0, Fillings * ReadyBatch.Most), all);
    }

    [Fact]
    public void A_batch_is_as_large_as_a_moment_allows()
    {
        var size = default(BatchSize);
        Assert.Equal(1, size.Next);
        size.Learn(0, 1_000_000);
        Assert.Equal(1, size.Next);
        size.Learn(10, Ticks(10 * 25));
        Assert.InRange(size.Next, 9, 10);
        for (var i = 0; i < 100; i++)
            size.Learn(1, Ticks(1));
        Assert.Equal(ReadyBatch.Most, size.Next);
        // a report that takes long is a reason to take no other with it
        size.Learn(1, Ticks(1_000_000));
        Assert.Equal(1, size.Next);
        for (var i = 0; i < 100; i++)
            size.Learn(5, 0);
        Assert.Equal(ReadyBatch.Most, size.Next);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_taken_together_with_a_source_that_holds_its_thread_is_served_by_another(bool computes)
    {
        using var loops = new EventLoops(1);
        using var gate = new ManualResetEventSlim();
        var sources = Enumerable.Range(0, 20).Select(_ => new Source(loops)).ToList();
        // from the only thread, so that all are ready when it comes back; a few times, so that it has learned to take many
        var trigger = new Source(loops);
        for (var round = 0; round < 20; round++)
        {
            trigger.Then = () => sources.ForEach(source => source.Ping());
            trigger.Ping();
            foreach (var source in sources)
                await source.Served().Soon();
        }
        var blocked = 0;
        foreach (var source in sources)
        {
            source.Then = () =>
            {
                if (Interlocked.Exchange(ref blocked, 1) == 0)
                    Hold(gate, computes);
            };
        }
        trigger.Ping();
        var others = sources.Select(source => source.Served()).ToList();
        while (others.Count > 1)
            others.Remove(await Task.WhenAny(others).Soon());
        Assert.False(others[0].IsCompleted);
        gate.Set();
        await others[0].Soon();
        sources.Append(trigger).ToList().ForEach(source => source.Close());
    }

    private static void Hold(ManualResetEventSlim gate, bool computes)
    {
        if (!computes)
            gate.Wait();
        while (!gate.IsSet)
            Thread.SpinWait(1000);
    }

    private static ReadyReport[] Reports(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new ReadyReport((uint)i, (ulong)i))];

    private static List<ReadyReport> TakeAll(ReadyBatch batch)
    {
        var taken = new List<ReadyReport>();
        while (batch.TryTake(out var report))
            taken.Add(report);
        return taken;
    }

    private static long Ticks(int microseconds) => Stopwatch.Frequency * microseconds / 1_000_000;

    /// <summary>A socket on the loops and its other end.</summary>
    private sealed class Source : IReadiness
    {
        private WorkHistory _history;
        private readonly EventLoops _loops;
        private readonly Socket _near, _far;
        private readonly ulong _token;
        private readonly SemaphoreSlim _served = new(0);

        public Source(EventLoops loops)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
            listener.Listen(1);
            _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _far.Connect(listener.LocalEndPoint!);
            _near = listener.Accept();
            _near.Blocking = false;
            _loops = loops;
            _token = loops.Register((int)_near.Handle, this);
        }

        public Action Then { get; set; } = () => { };

        public WorkWeight Weight => _history.Weight;

        public void Note(WorkWeight seen) => _history.Note(seen);

        public void Ping() => _far.Send([1]);

        public Task Served() => _served.WaitAsync();

        public void OnReady(uint events)
        {
            // the first report says that there is room to send
            if (_near.Receive(new byte[1], SocketFlags.None, out var status) != 1 || status != SocketError.Success)
                return;
            Then();
            _served.Release();
        }

        public void Close()
        {
            _loops.Unregister(_token);
            _near.Dispose();
            _far.Dispose();
        }
    }
}
