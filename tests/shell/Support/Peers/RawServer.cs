using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>A server that does only what a test tells it.</summary>
internal sealed class RawServer : RawPeer
{
    private RawServer(Stream stream, ConnectionOptions? options)
        : base(stream, Role.Server, options)
    {
    }

    /// <summary>A client's connection in memory, and this at its other end, which has sent its SETTINGS.</summary>
    public static async Task<(Http2ClientConnection Client, RawServer Server)> StartAsync(
        Http2ClientOptions? client = null, ConnectionOptions? server = null)
    {
        var (clientEnd, serverEnd) = PipeEnds.Create();
        var connection = Http2ClientConnection.Over(clientEnd, (client ?? new()) with { });
        var raw = new RawServer(serverEnd.AsStream(), server);
        await raw.OpenAsync();
        return (connection, raw);
    }

    public Task<ConnectionEvent.RequestReceived> RequestAsync() => Until<ConnectionEvent.RequestReceived>();

    public Task RespondAsync(StreamId id, int status = 200, bool endStream = true, string body = "", params HeaderField[] fields) =>
        CommandAsync((ref state, effects) => Connection.SubmitResponse(
            in state, id, new OutboundHead(status, [.. fields]), new OutboundBody(Encoding.UTF8.GetBytes(body), endStream), effects, out state));

    public Task InformAsync(StreamId id, int status) => CommandAsync(
        (ref state, effects) => Connection.SubmitInformational(in state, id, new OutboundHead(status, []), effects, out state));

    public async Task<StreamId> PushAsync(StreamId parent, string path)
    {
        var promised = default(StreamId);
        HeaderField[] fields = [(":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", path)];
        await CommandAsync((ref state, effects) => Connection.SubmitPush(in state, parent, fields, effects, out promised, out state));
        return promised;
    }

    public Task ShutdownAsync() => CommandAsync((ref state, effects) =>
    {
        state = Connection.Shutdown(in state, Environment.TickCount64, effects);
        return Refusal.None;
    });

    public Task AbortAsync(ErrorCode code) => CommandAsync((ref state, effects) =>
    {
        state = Connection.Abort(in state, code, effects);
        return Refusal.None;
    });

    /// <summary>What the client says with GOAWAY.</summary>
    public async Task<ErrorCode> GoAwayAsync() => (await Until<ConnectionEvent.GoAwayReceived>()).Code;
}
