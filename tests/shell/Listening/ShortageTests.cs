using System.Net.Sockets;
using System.Runtime.Versioning;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Threads and descriptors run out: what is there goes on, and afterwards all is as before.</summary>
[SupportedOSPlatform("linux")]
public sealed class ShortageTests
{
    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(1, 8)]
    public async Task When_more_handlers_block_than_there_may_be_threads_all_comes_back_when_they_end(int threads, int limit)
    {
        using var gate = new ManualResetEventSlim();
        using var blocked = new CountdownEvent(limit);
        await using var serving = await StartAsync(
            request =>
            {
                if (request.Path != "/block")
                    return;
                if (!blocked.IsSet)
                    blocked.Signal();
                gate.Wait();
            },
            new LoopSettings(threads) { Limit = limit, Spare = 1 });
        var clients = new List<(RawClient Client, StreamId Id)>();
        // one after the other, so that none is refused; the last ones find no thread
        for (var i = 0; i < limit; i++)
        {
            var client = await RawClient.ConnectAsync(serving);
            clients.Add((client, await client.RequestAsync("/block")));
        }
        Assert.True(await Task.Run(() => blocked.Wait(Patience.Time)));
        using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await late.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        gate.Set();
        foreach (var (client, id) in clients)
        {
            Assert.Equal("/block", await client.Text(id));
            await client.DisposeAsync();
        }
        late.Dispose();
        await ServesAgain(serving);
    }

    [Fact]
    public async Task When_more_handlers_compute_than_there_may_be_threads_all_comes_back_when_they_end()
    {
        var stop = false;
        var computing = 0;
        await using var serving = await StartAsync(
            request =>
            {
                if (request.Path != "/compute")
                    return;
                Interlocked.Increment(ref computing);
                while (!Volatile.Read(ref stop))
                    Thread.Sleep(0);
            },
            new LoopSettings(1) { Limit = 3, Spare = 1 });
        var clients = new List<(RawClient Client, StreamId Id)>();
        for (var i = 0; i < 3; i++)
        {
            var client = await RawClient.ConnectAsync(serving);
            clients.Add((client, await client.RequestAsync("/compute")));
        }
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref computing) == 3, Patience.Time));
        Volatile.Write(ref stop, true);
        foreach (var (client, id) in clients)
        {
            Assert.Equal("/compute", await client.Text(id));
            await client.DisposeAsync();
        }
        await ServesAgain(serving);
    }

    /// <summary>Connections that are known to block are run by threads beside those that serve; here the limit leaves none.</summary>
    [Fact]
    public async Task Connections_that_block_each_time_are_served_even_when_no_thread_may_be_made_for_them()
    {
        await using var serving = await StartAsync(
            request =>
            {
                if (request.Path == "/block")
                    Thread.Sleep(20);
            },
            new LoopSettings(2) { Limit = 2, Spare = 0 });
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            for (var i = 0; i < 10; i++)
                Assert.Equal("/block", await client.Text(await client.RequestAsync("/block")));
        }
        await ServesAgain(serving);
    }

    [Fact]
    public async Task Handlers_never_run_on_the_pool_however_busy_their_connection_is_and_whoever_woke_it()
    {
        var onPool = 0;
        await using var serving = await StartAsync(
            request =>
            {
                if (Thread.CurrentThread.IsThreadPoolThread)
                    Interlocked.Increment(ref onPool);
                if (request.Path == "/block")
                    Thread.Sleep(15);
            },
            loops: null, hop: true);
        await using (var client = await RawClient.ConnectAsync(serving))
        {
            for (var round = 0; round < 10; round++)
            {
                var ids = new List<StreamId>();
                foreach (var path in new[] { "/block", "/hop", "/block", "/hop" })
                    ids.Add(await client.RequestAsync(path));
                foreach (var id in ids)
                    await client.Body(id);
            }
        }
        Assert.Equal(0, onPool);
        await ServesAgain(serving);
    }

    [Fact]
    public async Task When_accepting_fails_for_want_of_memory_the_next_connection_is_accepted_and_the_server_stops()
    {
        var isShort = false;
        await using var serving = await StartAsync(
            static _ => { },
            new LoopSettings(2)
            {
                Limit = 4,
                Spare = 1,
                Refuse = what => what == Scarce.Descriptor && Interlocked.Exchange(ref isShort, false)
                    ? throw new OutOfMemoryException()
                    : false,
            });
        Volatile.Write(ref isShort, true);
        using var unlucky = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await unlucky.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        Assert.True(SpinWait.SpinUntil(() => !Volatile.Read(ref isShort), Patience.Time));
        for (var i = 0; i < 5; i++)
            await AskAsync(serving, "/after");
        await serving.Server.StopAsync().Soon();
    }

    [Theory]
    [InlineData(nameof(Scarce.Thread))]
    [InlineData(nameof(Scarce.Descriptor))]
    [InlineData(nameof(Scarce.File))]
    public async Task Whichever_thread_descriptor_or_file_cannot_be_had_the_server_goes_on_or_says_so_at_start(string what)
    {
        for (var failing = 1; failing <= 50; failing++)
        {
            var count = 0;
            bool Refuse(Scarce asked) => $"{asked}" == what && Interlocked.Increment(ref count) == failing;
            Serving serving;
            try
            {
                serving = await StartAsync(
                    request =>
                    {
                        if (request.Path == "/block")
                            Thread.Sleep(10);
                    },
                    new LoopSettings(2) { Limit = 8, Spare = 1, Refuse = Refuse });
            }
            catch (Http2ShortageException failure)
            {
                Assert.StartsWith("cannot serve: the system gives no more ", failure.Message, StringComparison.Ordinal);
                continue;
            }
            await using (serving)
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => AskAsync(serving, "/block"))));
                await ServesAgain(serving);
            }
        }
    }

    [Fact]
    public async Task Without_a_descriptor_connections_are_closed_at_once_and_that_is_said_once()
    {
        var isShort = false;
        // The spare one is given up for each of them and had back.
        var held = 0;
        bool Refuse(Scarce asked) => Volatile.Read(ref isShort) && asked == Scarce.Descriptor && Interlocked.Increment(ref held) % 2 == 1;
        await using var serving = await StartAsync(_ => { }, new LoopSettings(2) { Refuse = Refuse });
        await AskAsync(serving, "/before");
        Volatile.Write(ref isShort, true);
        for (var i = 0; i < 20; i++)
        {
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
            Assert.Equal(0, await ReceiveAsync(client).Soon());
        }
        Volatile.Write(ref isShort, false);
        await ServesAgain(serving);
        await serving.Log.SeeAsync(3);
        var said = Assert.Single(serving.Log.Lines, line => line.Text.Contains("cannot accept", StringComparison.Ordinal));
        Assert.Contains("no descriptor is left", said.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_not_even_the_spare_descriptor_can_be_had_connections_wait_until_there_is_room()
    {
        var isShort = true;
        bool Refuse(Scarce asked) => Volatile.Read(ref isShort) && asked == Scarce.Descriptor && Environment.StackTrace.Contains("Accept");
        await using var serving = await StartAsync(_ => { }, new LoopSettings(2) { Refuse = Refuse });
        var waiting = AskAsync(serving, "/waits");
        Assert.True(SpinWait.SpinUntil(
            () => serving.Log.Lines.Any(line => line.Text.Contains("cannot accept", StringComparison.Ordinal)), Patience.Time));
        Assert.False(waiting.IsCompleted);
        Volatile.Write(ref isShort, false);
        await waiting.Soon();
        await ServesAgain(serving);
    }

    private static Task<Serving> StartAsync(Action<Http2Request> handle, LoopSettings? loops, bool hop = false) => Serving.StartAsync(
        async (request, _) =>
        {
            handle(request);
            if (hop && request.Path == "/hop")
                await Task.Yield();
            return new Http2Response(200, [], request.Path);
        },
        Serving.Loopback with { Loops = loops });

    private static async Task<int> ReceiveAsync(Socket client)
    {
        try
        {
            return await client.ReceiveAsync(new byte[1]);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static async Task AskAsync(Serving serving, string path)
    {
        // A connection for which there was no descriptor was closed: its client comes again.
        for (var until = DateTime.UtcNow + Patience.Time; ;)
        {
            try
            {
                await using var client = await RawClient.ConnectAsync(serving);
                Assert.Equal(path, await client.Text(await client.RequestAsync(path)));
                return;
            }
            catch (IOException) when (DateTime.UtcNow < until)
            {
            }
        }
    }

    private static async Task ServesAgain(Serving serving)
    {
        for (var i = 0; i < 5; i++)
            await AskAsync(serving, "/after");
        for (var until = DateTime.UtcNow + Patience.Time; serving.Server.Load != default && DateTime.UtcNow < until;)
            await Task.Yield();
        Assert.Equal(default, serving.Server.Load);
        Assert.Empty(serving.Log.Errors);
    }
}
