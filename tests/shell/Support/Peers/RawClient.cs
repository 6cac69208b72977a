using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>A client that does only what a test tells it.</summary>
internal sealed class RawClient : RawPeer
{
    private RawClient(Stream stream, ConnectionOptions? options)
        : base(stream, Role.Client, options)
    {
    }

    public string Authority { get; private init; } = "test";

    private string Scheme => Stream is SslStream ? "https" : "http";

    public static async Task<RawClient> ConnectAsync(Serving serving, ConnectionOptions? options = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(serving.Server.Endpoints[0].Address).Soon();
        return await OverAsync(new NetworkStream(socket, ownsSocket: true), options, serving.Uri.Authority);
    }

    /// <summary>Speaks over a connected stream; answers when the server's SETTINGS were seen and ours acknowledged.</summary>
    public static async Task<RawClient> OverAsync(Stream stream, ConnectionOptions? options = null, string? authority = null)
    {
        var client = new RawClient(stream, options) { Authority = authority ?? (stream as SslStream)?.TargetHostName ?? "test" };
        await client.OpenAsync();
        return client;
    }

    public Task<StreamId> RequestAsync(string path, string method = "GET", bool endStream = true, params HeaderField[] more) =>
        SubmitAsync([(":method", method), (":scheme", Scheme), (":authority", Authority), (":path", path), .. more], endStream);

    /// <summary>A request for another origin than that of the connection.</summary>
    public Task<StreamId> RequestAsync(
        string path, string method = "GET", bool endStream = true, string? scheme = null, string? authority = null) =>
        SubmitAsync(
            [(":method", method), (":scheme", scheme ?? Scheme), (":authority", authority ?? Authority), (":path", path)], endStream);

    /// <summary>OPTIONS of a server without naming it.</summary>
    public Task<StreamId> OptionsAsync(string scheme) =>
        SubmitAsync([(":method", "OPTIONS"), (":scheme", scheme), (":path", "/")], endStream: true);

    /// <summary>CONNECT.</summary>
    public Task<StreamId> TunnelAsync(string target) => SubmitAsync([(":method", "CONNECT"), (":authority", target)], endStream: false);

    /// <summary>
    /// Opens a stream in this client's books only, for a test that sends its own octets for it. The encoders are out of step afterwards, so
    /// further requests must be raw too.
    /// </summary>
    public StreamId OpenUnsent()
    {
        var id = default(StreamId);
        HeaderField[] fields = [(":method", "GET"), (":scheme", Scheme), (":authority", Authority), (":path", "/")];
        Unsent((ref state, effects) => Connection.SubmitRequest(in state, fields, true, effects, out id, out state));
        return id;
    }

    public Task TrailersAsync(StreamId id, params HeaderField[] fields) => CommandAsync(
        (ref state, effects) => Connection.SubmitTrailers(in state, id, fields, effects, out state));

    public Task ConsumeAsync(StreamId id, int octets) => CommandAsync((ref state, effects) =>
    {
        state = Connection.Consume(in state, id, octets, effects);
        return Refusal.None;
    });

    public Task<ConnectionEvent.ResponseReceived> Response(StreamId id) => Until<ConnectionEvent.ResponseReceived>(e => e.Id == id);

    /// <summary>The body of a stream up to its end.</summary>
    public async Task<byte[]> Body(StreamId id)
    {
        var body = new MemoryStream();
        while (true)
        {
            var part = await Until<ConnectionEvent>(e =>
                e is ConnectionEvent.DataReceived data && data.Id == id
                || e is ConnectionEvent.TrailersReceived trailers && trailers.Id == id
                || e is ConnectionEvent.StreamClosed { Code: not ErrorCode.NoError } closed && closed.Id == id);
            if (part is ConnectionEvent.StreamClosed reset)
                throw new IOException($"The server closed stream {id} with {reset.Code} in the middle of its body.");
            if (part is ConnectionEvent.DataReceived received)
                body.Write(received.Data.Span);
            if (part is ConnectionEvent.DataReceived { EndStream: true } or ConnectionEvent.TrailersReceived)
                return body.ToArray();
        }
    }

    public async Task<string> Text(StreamId id) => Encoding.UTF8.GetString(await Body(id));

    public static string? Value(FieldList fields, string name) => new Http2Headers(fields, 0)[name];

    private async Task<StreamId> SubmitAsync(HeaderField[] fields, bool endStream)
    {
        var id = default(StreamId);
        await CommandAsync((ref state, effects) => Connection.SubmitRequest(in state, fields, endStream, effects, out id, out state));
        return id;
    }
}
