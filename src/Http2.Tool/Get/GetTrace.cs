using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Shows every frame of a client's connections, as nghttp does, or as lines of JSON.</summary>
/// <param name="output">Where they go.</param>
internal sealed class GetTrace(GetOutput output) : Http2FrameTap
{
    private readonly ConcurrentDictionary<long, Ends> _connections = new();

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection)
    {
        _connections[connection.Id] = new Ends(output);
        if (!output.IsJson)
            output.WriteLine($"[  0.000] Connected to {connection.RemoteAddress}{(connection.IsTls ? $" over {connection.TlsProtocol}, {connection.CipherSuite}" : "")}");
    }

    /// <inheritdoc/>
    public override void Received(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) =>
        _connections[connection.Id].Server.Read(octets, _connections[connection.Id].OnReceived);

    /// <inheritdoc/>
    public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) =>
        _connections[connection.Id].Client.Read(octets, _connections[connection.Id].OnSent);

    /// <inheritdoc/>
    public override void Closed(Http2ConnectionInfo connection) => _connections.TryRemove(connection.Id, out _);

    private sealed class Ends
    {
        private const int Indent = 10;

        private readonly GetOutput _output;
        private readonly long _opened = Stopwatch.GetTimestamp();

        public Ends(GetOutput output)
        {
            _output = output;
            (OnReceived, OnSent) = (frame => Show("recv", frame), frame => Show("send", frame));
        }

        public FrameReader Client { get; } = new(isClient: true);

        public FrameReader Server { get; } = new(isClient: false);

        public Action<TracedFrame> OnReceived { get; }

        public Action<TracedFrame> OnSent { get; }

        private void Show(string direction, TracedFrame frame)
        {
            var time = Stopwatch.GetElapsedTime(_opened).TotalSeconds;
            var lines = FrameText.Lines(frame.Header, frame.Payload, frame.Fields);
            if (!_output.IsJson)
            {
                var separator = "\n" + new string(' ', Indent);
                var rest = string.Concat(lines.Skip(1).Select(line => separator + line));
                _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{time,7:0.000}] {direction} {lines[0]}{rest}"));
                return;
            }
            _output.WriteLine(GetOutput.JsonLine(json =>
            {
                json.WriteNumber("time", Math.Round(time, 6));
                json.WriteString("direction", direction);
                json.WriteString("type", WireNames.Of(frame.Header.Type));
                json.WriteNumber("stream", frame.Header.StreamId.Value);
                json.WriteNumber("flags", (byte)frame.Header.Flags);
                json.WriteNumber("length", frame.Header.Length);
                json.WriteStartArray("details");
                foreach (var line in lines.Skip(1))
                    json.WriteStringValue(line.Trim());
                json.WriteEndArray();
            }));
        }
    }
}
