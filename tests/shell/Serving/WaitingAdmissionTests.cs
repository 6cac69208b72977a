using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Requests that no handler hears of yet, or ever: they wait while handlers work for streams that were reset, or are turned away for want of memory
/// or of threads.
/// </summary>
public sealed class WaitingAdmissionTests
{
    // Of the log.
    private const int NoThread = 9;

    private const long Limit = 4 << 20;

    private const string Busy = "HEADERS 1 end :status 503, retry-after 1, content-length 0";

    private readonly List<Later<Http2Response>> _answers = [];

    [Fact]
    public void A_request_waits_while_work_for_twice_as_many_streams_is_abandoned()
    {
        var server = Abandon(streams: 1);
        server.Take(Requests.Post(5));
        Assert.Equal((2, 1, 1), (server.Requests.Count, server.Role.Admission.Waiting, server.Connection.StreamCount));
        Assert.Null(server.Connection.Exchanges.Find(new StreamId(5)));
        server.Take(Requests.Data(5, 7, end: true));
        Assert.Equal(7, server.Core.Unread);
        _answers[0].Complete(new Http2Response(200));
        server.Run();
        Assert.Equal((3, 0), (server.Requests.Count, server.Role.Admission.Waiting));
        Assert.True(server.Requests[2].Body.TryRead(out var read));
        Assert.Equal((7, true), (read.Buffer.Length, read.IsCompleted));
    }

    [Fact]
    public void A_request_does_not_wait_while_less_is_abandoned()
    {
        var server = Abandon(streams: 1);
        _answers[0].Complete(new Http2Response(200));
        server.Run();
        server.Take(Requests.Post(5));
        Assert.Equal((3, 0), (server.Requests.Count, server.Role.Admission.Waiting));
    }

    [Fact]
    public void Those_that_wait_begin_in_their_order_and_one_that_begins_does_not_wait_again()
    {
        var server = Abandon(streams: 2);
        server.Take([.. Requests.Get(9), .. Requests.Get(11)]);
        Assert.Equal(2, server.Role.Admission.Waiting);
        _answers[3].Complete(new Http2Response(200));
        server.Run();
        Assert.Equal((9u, 1), (server.Requests[^1].StreamId.Value, server.Role.Admission.Waiting));
        _answers[2].Complete(new Http2Response(200));
        server.Run();
        Assert.Equal((11u, 0), (server.Requests[^1].StreamId.Value, server.Role.Admission.Waiting));
    }

    [Fact]
    public void One_that_is_reset_while_it_waits_never_begins()
    {
        var server = Abandon(streams: 1);
        server.Take(Requests.Post(5));
        server.Take(ResetOf(5));
        Assert.Equal(0, server.Role.Admission.Waiting);
        _answers[0].Complete(new Http2Response(200));
        server.Run();
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void None_begins_on_a_connection_that_is_not_open_any_more()
    {
        var server = Abandon(streams: 1);
        server.Take(Requests.Get(5));
        server.AsOwner(() =>
        {
            server.Requests[0].EndWork();
            server.Connection.Streams.RetireWhenIdle(server.Requests[0]);
            server.Connection.End.Close(Http2CloseCause.Ended);
            Assert.True(server.Role.Admission.BeginWaiting());
            Assert.Equal((2, 1), (server.Requests.Count, server.Role.Admission.Waiting));
            server.Role.Admission.ForgetAll();
            Assert.Equal(0, server.Role.Admission.Waiting);
        });
    }

    [Fact]
    public void While_memory_is_short_a_connection_that_holds_more_than_its_share_gets_no_stream()
    {
        var server = Short(Limit / 4 * 3);
        server.Connection.Memory.Hold(server.Host.Engine.Relief.FairShare);
        server.Take(Requests.Get(1));
        Assert.Equal(["RST_STREAM 1 REFUSED_STREAM"], server.Frames());
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void While_memory_is_short_a_connection_that_holds_little_is_served()
    {
        var server = Short(Limit / 4 * 3);
        server.Take(Requests.Get(1));
        Assert.Single(server.Requests);
        Assert.Empty(server.Frames());
    }

    [Fact]
    public void A_connection_that_holds_more_than_its_share_is_served_while_memory_is_not_short()
    {
        var server = Short(Limit / 2);
        server.Connection.Memory.Hold(server.Host.Engine.Relief.FairShare);
        server.Take(Requests.Get(1));
        Assert.Single(server.Requests);
    }

    [Fact]
    public void When_no_memory_is_left_for_anybody_a_request_is_told_to_come_back()
    {
        var server = Short(Limit / 4 * 6);
        server.Take(Requests.Get(1));
        Assert.Equal([Busy], server.Frames());
        Assert.Empty(server.Requests);
        Assert.Equal(long.MaxValue, server.Connection.BodiesDue);
    }

    [Fact]
    public void The_body_of_a_request_that_is_told_to_come_back_has_the_time_of_one_that_nobody_reads()
    {
        var server = Short(Limit / 4 * 6);
        server.Take(Requests.Post(1));
        Assert.Equal([Busy, "PING 0 answered"], server.Frames());
        Assert.Equal(server.Core.Now + server.Host.Engine.Limits.UnreadBodyTimeout, server.Connection.BodiesDue);
    }

    [Fact]
    public void While_handlers_hold_all_threads_a_request_is_told_to_come_back()
    {
        var server = new PlayedServer().Start();
        StandbyRuns.Begin();
        try
        {
            server.Take(Requests.Get(1));
        }
        finally
        {
            StandbyRuns.End();
        }
        Assert.Equal([Busy], server.Frames());
        Assert.Empty(server.Requests);
        Assert.Single(server.Logged(NoThread));
    }

    // A server that may have so many streams open, and whose delegates still work for twice as many that the client has reset.
    private PlayedServer Abandon(int streams)
    {
        var server = new PlayedServer(new Http2ServerOptions { Connection = new ConnectionOptions { MaxConcurrentStreams = streams } })
        {
            Answer = _ =>
            {
                _answers.Add(new Later<Http2Response>());
                return _answers[^1].Task;
            },
        };
        server.Start();
        for (var id = 1u; id < 4 * streams; id += 2)
            server.Take([.. Requests.Post(id), .. ResetOf(id)]);
        Assert.Equal((2 * streams, 0), (server.Connection.Exchanges.Outliving, server.Role.Admission.Waiting));
        return server;
    }

    // A server of which this is one of many connections, and all of them hold so many octets.
    private static PlayedServer Short(long held)
    {
        var server = new PlayedServer(new Http2ServerOptions { MaxMemory = Limit }).Start();
        for (var i = 0; i < 64; i++)
            Assert.True(server.Host.Connections.TryReserve(64));
        server.Host.Engine.Memory.Add(held - server.Host.Engine.Memory.Held);
        return server;
    }

    private static byte[] ResetOf(uint id) => Requests.Frame(3, 0, id, [0, 0, 0, 8]);
}
