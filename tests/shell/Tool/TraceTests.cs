using FsCheck.Xunit;
using Hpack.Pure;
using Http2.Pure;
using Http2.TestSupport;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What <c>-v</c> and <c>-v -v</c> print of octets that clients and servers send.</summary>
public sealed class TraceTests
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Peer _client = new();

    private readonly Peer _server = new();

    [Fact]
    public void A_request_and_its_response_are_one_line()
    {
        var text = Trace(
            frames: false, Client(Preface, Settings(), _client.Headers(1, end: true, Get("/a"))),
            Server(Settings(), _server.Headers(1, end: false, [(":status", "200")]), Data(1, 100, end: false), Data(1, 23, end: true)));
        Assert.Matches(@"^192\.0\.2\.1:1234 GET /a 200 123 B \d+\.\d\d ms\n$", text);
    }

    [Fact]
    public void Informational_responses_and_trailers_do_not_change_the_status()
    {
        var text = Trace(
            frames: false, Client(Preface, _client.Headers(1, end: false, Get("/a"))),
            Server(
                _server.Headers(1, end: false, [(":status", "103")]), _server.Headers(1, end: false, [(":status", "404")]),
                Data(1, 5, end: false), _server.Headers(1, end: true, [("x-trailer", "1")])),
            Client(Data(1, 3, end: false), _client.Headers(1, end: true, [("x-trailer", "late")])));
        Assert.Matches(@"^\S+ GET /a 404 5 B \S+ ms\n$", text);
    }

    [Fact]
    public void A_push_is_a_line_of_its_own()
    {
        var promise = _server.Promise(1, 2, Get("/style.css"));
        var text = Trace(
            frames: false, Client(Preface, _client.Headers(1, end: true, Get("/"))),
            Server(
                promise, _server.Headers(2, end: false, [(":status", "200")]), Data(2, 7, end: true),
                _server.Headers(1, end: true, [(":status", "204")])));
        Assert.Matches(@"^\S+ GET /style\.css 200 7 B \S+ ms pushed\n\S+ GET / 204 0 B \S+ ms\n$", text);
    }

    [Fact]
    public void Resets_and_the_end_of_the_connection_are_told()
    {
        var text = Trace(
            frames: false,
            Client(Preface, _client.Headers(1, true, Get("/1")), _client.Headers(3, true, Get("/3")), _client.Headers(5, true, Get("/5"))),
            Client(Serialize(new Frame.RstStream(new StreamId(1), default, new RstStreamPayload(ErrorCode.Cancel)))),
            Server(Serialize(new Frame.RstStream(new StreamId(3), default, new RstStreamPayload(ErrorCode.RefusedStream)))));
        Assert.Matches(
            @"^\S+ GET /1 - 0 B \S+ ms \(reset by the client: CANCEL\)\n\S+ GET /3 - 0 B \S+ ms \(reset: REFUSED_STREAM\)\n"
            + @"\S+ GET /5 - 0 B \S+ ms \(connection closed\)\n$", text);
    }

    [Fact]
    public void Control_octets_in_a_path_are_escaped()
    {
        var text = Trace(
            frames: false, Client(Preface, _client.Headers(1, true, Get("/\e[31m\n"))),
            Server(_server.Headers(1, true, [(":status", "400")])));
        Assert.Contains(@"GET /\x1b[31m\x0a 400", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_are_printed_with_their_fields_once_the_block_is_complete()
    {
        var block = _client.Encode(Get("/in/pieces"));
        var head = new Frame.Headers(new StreamId(1), FrameFlags.EndStream, new HeadersPayload(block.Slice(0, 3)));
        var tail = new ContinuationPayload(block.Slice(3, block.Length - 3));
        var rest = new Frame.Continuation(new StreamId(1), FrameFlags.EndHeaders, tail);
        var text = Trace(frames: true, Client(Preface, Serialize(head), Serialize(rest)));
        Assert.Matches(@"(?m)^\[id=7\] \[ +0\.\d+\] connected from 192\.0\.2\.1:1234 over cleartext$", text);
        Assert.Matches(
            @"(?m)^\[id=7\] \[ +0\.\d+\] recv HEADERS frame <length=3, flags=0x01, stream_id=1>\n          ; END_STREAM\n\[", text);
        Assert.Matches(
            @"(?m)recv CONTINUATION frame <[^>]+>\n          ; END_HEADERS\n          :method: GET\n          :path: /in/pieces$", text);
        Assert.EndsWith("closed\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_size_counts_from_its_acknowledgement()
    {
        var acknowledgement = Serialize(new Frame.Settings(FrameFlags.Ack, SettingsPayload.Of()));
        var empty = SettingsPayload.Of(new Setting(SettingId.HeaderTableSize, 0));
        var server = new Peer(tableSize: 0);
        var text = Trace(
            frames: true, Client(Preface, Serialize(new Frame.Settings(default, empty)), _client.Headers(1, true, Get("/a"))),
            Server(acknowledgement, server.Headers(1, false, [(":status", "200"), ("x-a", "b")]), server.Headers(1, true, [("x-a", "b")])));
        Assert.Equal(2, text.Split("          x-a: b\n").Length - 1);
    }

    [Fact]
    public void After_a_block_that_cannot_be_decoded_frames_go_on_without_fields()
    {
        var broken = new Frame.Headers(new StreamId(1), FrameFlags.EndHeaders, new HeadersPayload(new Octets(new byte[] { 0x80 })));
        var text = Trace(frames: true, Client(Preface, Serialize(broken), _client.Headers(3, true, Get("/a"))));
        Assert.Equal(2, text.Split("recv HEADERS frame").Length - 1);
        Assert.DoesNotContain(":path", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Something_else_than_http2_is_said_once_and_ignored()
    {
        var text = Trace(
            frames: true, Client("GET / HTTP/1.1\r\n"u8.ToArray()), Client("host: x\r\n\r\n"u8.ToArray()),
            Server("HTTP/1.1 426"u8.ToArray()));
        Assert.Equal(1, text.Split("not the preface of HTTP/2").Length - 1);
        Assert.DoesNotContain("frame <", text, StringComparison.Ordinal);
    }

    [Property(MaxTest = 200)]
    public bool Wherever_the_octets_are_cut_the_frames_are_the_same(byte[] cuts)
    {
        var client = new Peer();
        byte[] octets =
        [
            .. Preface, .. Settings(), .. client.Headers(1, false, Get("/a")), .. Data(1, 300, true), .. client.Headers(3, true, Get("/b")),
        ];
        return Read(octets, [octets.Length]).SequenceEqual(Read(octets, cuts.Select(cut => (int)cut)));
    }

    [Property(MaxTest = 500)]
    public bool Any_octets_are_taken_without_an_exception(AnyOctets fromClient, AnyOctets fromServer)
    {
        using var output = new OutputQueue(TextWriter.Null);
        var trace = new ConnectionTrace(Info(), output, printsFrames: true, new TerminalStyle(enabled: false));
        trace.Received([.. Preface, .. fromClient]);
        trace.Sent(fromServer);
        trace.Closed();
        return true;
    }

    private static List<string> Read(byte[] octets, IEnumerable<int> lengths)
    {
        var seen = new List<string>();
        var reader = new FrameReader(isClient: true);
        var at = 0;
        foreach (var length in lengths.Append(octets.Length))
        {
            var part = Math.Min(length, octets.Length - at);
            reader.Read(
                octets.AsSpan(at, part),
                frame => seen.Add($"{frame.Header} {frame.Payload.ToHex()} {string.Join(',', frame.Fields ?? [])}"));
            at += part;
        }
        return seen;
    }

    private static string Trace(bool frames, params (bool FromClient, byte[] Octets)[] parts)
    {
        var text = new StringWriter { NewLine = "\n" };
        using (var output = new OutputQueue(text, Timeout.InfiniteTimeSpan))
        {
            var trace = new ConnectionTrace(Info(), output, frames, new TerminalStyle(enabled: false));
            foreach (var (fromClient, octets) in parts)
            {
                if (fromClient)
                    trace.Received(octets);
                else
                    trace.Sent(octets);
            }
            trace.Closed();
        }
        return text.ToString();
    }

    private static Http2ConnectionInfo Info() => new(7, null, System.Net.IPEndPoint.Parse("192.0.2.1:1234"));

    private static (bool FromClient, byte[] Octets) Client(params byte[][] parts) => (true, [.. parts.SelectMany(part => part)]);

    private static (bool FromClient, byte[] Octets) Server(params byte[][] parts) => (false, [.. parts.SelectMany(part => part)]);

    private static byte[] Settings() => Serialize(new Frame.Settings(default, SettingsPayload.Of(new Setting(SettingId.EnablePush, 1))));

    private static byte[] Data(uint id, int length, bool end) =>
        Serialize(new Frame.Data(new StreamId(id), end ? FrameFlags.EndStream : default, new DataPayload(new Octets(new byte[length]))));

    private static byte[] Serialize(Frame frame) => Frames.Serialize(frame).Span.ToArray();

    private static HeaderField[] Get(string path) => [(":method", "GET"), (":path", path)];

    /// <summary>One end's encoder.</summary>
    private sealed class Peer(int tableSize = 4096)
    {
        private EncoderState _encoder = EncoderState.Create(tableSize);

        public Octets Encode(HeaderField[] fields)
        {
            var encoded = HpackEncoder.Encode(_encoder, fields);
            _encoder = encoded.State;
            return encoded.Block;
        }

        public byte[] Headers(uint id, bool end, HeaderField[] fields) => Serialize(new Frame.Headers(
            new StreamId(id), FrameFlags.EndHeaders | (end ? FrameFlags.EndStream : default), new HeadersPayload(Encode(fields))));

        public byte[] Promise(uint id, uint promised, HeaderField[] fields) => Serialize(new Frame.PushPromise(
            new StreamId(id), FrameFlags.EndHeaders, new PushPromisePayload(new StreamId(promised), Encode(fields))));
    }
}
