using System.Buffers.Binary;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What is written for a client and not sent stays near the option, however much the client asks for and whenever handlers answer.</summary>
public sealed class UnsentBoundTests
{
    private const int Most = 64 * 1024;

    // One answer is written behind the bound, and the frames of a few more.
    private const int Slack = 32 * 1024;

    private static readonly byte[] Hello =
        [.. Rooms.Preface, .. Requests.Frame(4, 1, 0, []), .. Requests.Frame(8, 0, 0, Number(64 << 20))];

    private readonly ScriptedTransport _transport = new();
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public void A_client_that_asks_for_much_at_once_is_answered_in_writes_near_the_bound()
    {
        var (largest, all) = (0, 0);
        _transport.OnSend = octets => (largest, all) = (Math.Max(largest, octets), all + octets);
        var (host, _) = Serve(static (_, _) => new(new Http2Response(200, [], new byte[1000])), maxStreams: 4000);
        Ask(2000);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref all) >= 2_000_000, Patience.Time));
        Assert.InRange(largest, 1, Most + Slack);
        host.Connections.Open.First().Stop.AtOnce();
    }

    [Fact]
    public async Task Answers_that_come_while_nothing_can_be_sent_are_not_written_beyond_the_bound()
    {
        var (host, served) = Serve(
            async (_, _) =>
            {
                await _gate.Task;
                return new Http2Response(200, [], new byte[16_000]);
            },
            maxStreams: 1000);
        Ask(200);
        Assert.True(SpinWait.SpinUntil(() => host.Connections.Open.FirstOrDefault()?.StreamCount == 200, Patience.Time));
        var connection = host.Connections.Open.First();
        _transport.HoldsWrites = true;
        _gate.SetResult();
        // Every handler has answered: its answer is written, or queued.
        Assert.True(SpinWait.SpinUntil(() => connection.Owner.RunAsOwner(() => Queued(connection) + connection.Core.Output.Length) > 2_000_000, Patience.Time));
        Assert.InRange(connection.Owner.RunAsOwner(() => connection.Core.Output.Length), 0, Most + Slack);
        connection.Stop.AtOnce();
        await served.Soon();
    }

    // Some octets that fill most of a small buffer come first, so that there is a large one for the others.
    private void Ask(int requests)
    {
        var all = Enumerable.Range(0, requests).Select(static i => Requests.Get((uint)(2 * i + 1))).ToList();
        _transport.Come(Hello);
        _transport.Come([.. all.Take(60).SelectMany(static octets => octets)]);
        _transport.Come([.. all.Skip(60).SelectMany(static octets => octets)]);
    }

    private static long Queued(Http2Connection connection) =>
        Enumerable.Range(0, 200).Sum(i => connection.Core.Queued(new((uint)(2 * i + 1))));

    private (ServerHost Host, Task Served) Serve(Func<Http2Request, CancellationToken, ValueTask<Http2Response>> handler, int maxStreams)
    {
        var options = new Http2ServerOptions
        {
            MaxUnsentPerConnection = Most, LoggerFactory = new TestLog(), Connection = new() { MaxConcurrentStreams = maxStreams },
        };
        var host = new ServerHost(options, static () => new Http2Request()) { AbortedHandler = handler };
        return (host, new ConnectionStarter(host).ServeAsync(_transport, null, null));
    }

    private static byte[] Number(int number)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(octets, number);
        return octets;
    }
}
