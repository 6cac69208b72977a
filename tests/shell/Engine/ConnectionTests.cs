using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A connection with a made-up role: the engine serves either end, and knows nothing of handlers.</summary>
public sealed class ConnectionTests
{
    private static readonly ImmutableArray<HeaderField> Get =
        [new(":method", "GET"), new(":scheme", "http"), new(":authority", "a"), new(":path", "/")];

    [Fact]
    public async Task A_client_and_a_server_talk_over_two_connections_of_the_same_engine()
    {
        var (client, server) = Pair();
        server.Role.OnEvent = happened =>
        {
            if (happened is not ConnectionEvent.RequestReceived request)
                return;
            server.Connection.Core.SubmitInformational(request.Id, new OutboundHead(103, []));
            server.Connection.Core.SubmitResponse(request.Id, new OutboundHead(200, []), "hello"u8.ToArray(), endStream: true);
        };
        var id = client.Connection.Owner.RunAsOwner(() =>
        {
            Assert.Equal(Refusal.None, client.Connection.Core.SubmitRequest(Get, endStream: true, out var opened));
            client.Connection.Exchanges.Add(new PlainStream(opened.Value, client.Connection) { HasAnswered = true });
            return opened;
        });
        Assert.Equal(1u, id.Value);
        Assert.Equal(ErrorCode.NoError, await client.Role.Ended.Task.Soon());
        Assert.Equal(["InformationalReceived", "ResponseReceived", "data 5", "done", "closed NoError"], client.Role.Told);
        client.Connection.Stop.Gracefully();
        await client.Connection.End.Ended.Soon();
        await server.Connection.End.Ended.Soon();
    }

    [Fact]
    public async Task A_connection_that_is_cut_tells_its_streams()
    {
        var (client, server) = Pair();
        client.Connection.Owner.RunAsOwner(() =>
        {
            client.Connection.Core.SubmitRequest(Get, endStream: false, out var opened);
            client.Connection.Exchanges.Add(new PlainStream(opened.Value, client.Connection));
            return true;
        });
        client.Connection.Stop.AtOnce();
        await client.Connection.End.Ended.Soon();
        Assert.Equal(["closed Cancel"], client.Role.Told);
        await server.Connection.End.Ended.Soon();
    }

    [Fact]
    public async Task A_role_that_throws_loses_its_connection_and_nothing_else()
    {
        var (client, server) = Pair();
        server.Role.OnEvent = static _ => throw new InvalidOperationException("a fault of the role");
        client.Connection.Owner.RunAsOwner(() => client.Connection.Core.SubmitRequest(Get, endStream: true, out _));
        await server.Connection.End.Ended.Soon();
        await client.Connection.End.Ended.Soon();
    }

    [Fact]
    public async Task A_peer_that_answers_nothing_to_a_GOAWAY_is_left_after_the_last_octets()
    {
        var transport = new ScriptedTransport();
        var connection = new Http2Connection(
            Rooms.Host(Rooms.Default with { LingerTimeout = 1 }), transport, new Http2ConnectionInfo(1, null, null));
        connection.Stop.AtStart(ErrorCode.InadequateSecurity);
        connection.Start(new MadeUpRole(Role.Server), Rooms.Preface);
        await connection.End.Ended.Soon();
        Assert.True(transport.HasFinishedSending);
        Assert.True(transport.IsClosed);
    }

    private static (End Client, End Server) Pair()
    {
        var (ours, theirs) = PipeEnds.Create();
        return (Begin(ours, Role.Client), Begin(theirs, Role.Server));
    }

    private static End Begin(PipeEnds pipe, Role role)
    {
        var host = Rooms.Host();
        host.Connections.TryReserve(10);
        var connection = new Http2Connection(host, new PipeTransport(pipe, TimeProvider.System), new Http2ConnectionInfo(1, null, null));
        var made = new MadeUpRole(role);
        connection.Start(made, default);
        return new End(connection, made);
    }

    private sealed record End(Http2Connection Connection, MadeUpRole Role);

    private sealed class MadeUpRole(Role role) : ConnectionRole
    {
        public List<string> Told { get; } = [];

        public Action<ConnectionEvent> OnEvent { get; set; } = static _ => { };

        public TaskCompletionSource<ErrorCode> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Role Role => role;

        public override int Waiting => 0;

        public override bool HasBriefTasks => false;

        public override bool HoldsEnd => false;

        public override bool OnHead(ConnectionEvent happened)
        {
            Told.Add(happened.GetType().Name);
            OnEvent(happened);
            return true;
        }

        public override bool TellData(Http2Stream stream, ReadOnlyMemory<byte> data, bool isLast)
        {
            Told.Add($"data {data.Length}");
            stream.Engine.Commands.Consume(stream, data.Length);
            return true;
        }

        public override bool TellDone(Http2Stream stream)
        {
            Told.Add("done");
            return true;
        }

        public override bool TellClosed(Http2Stream stream, ErrorCode code)
        {
            Told.Add($"closed {code}");
            stream.TellClosed();
            Ended.TrySetResult(code);
            return true;
        }

        public override void OnBodyFailed(Http2Stream stream, Exception failure) => Told.Add($"failed {failure.Message}");

        public override void LeaveBehind(object callee) => Told.Add("left behind");
    }
}
