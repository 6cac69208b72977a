using System.Diagnostics;
using System.Globalization;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// What <c>-v</c> and <c>-v -v</c> print of one connection. The tap's calls for a connection come one at a time, so it needs no lock.
/// </summary>
internal sealed class ConnectionTrace
{
    private const int Indent = 10;

    private readonly FrameReader _client = new(isClient: true);
    private readonly FrameReader _server = new(isClient: false);
    private readonly Queue<uint?> _clientTableSizes = new();
    private readonly Queue<uint?> _serverTableSizes = new();
    private readonly RequestLines _requests;
    private readonly OutputQueue _output;
    private readonly TerminalStyle _style;
    private readonly bool _printsFrames;
    private readonly string _name;
    private readonly long _opened = Stopwatch.GetTimestamp();
    private readonly Action<TracedFrame> _onReceived;
    private readonly Action<TracedFrame> _onSent;

    /// <summary>Begins with a connection.</summary>
    public ConnectionTrace(Http2ConnectionInfo connection, OutputQueue output, bool printsFrames, TerminalStyle style)
    {
        (_output, _printsFrames, _style) = (output, printsFrames, style);
        var client = connection.RemoteAddress?.ToString() ?? "-";
        _name = string.Create(CultureInfo.InvariantCulture, $"[id={connection.Id}]");
        _requests = new RequestLines(client, output, style);
        (_onReceived, _onSent) = (OnReceived, OnSent);
        if (printsFrames)
        {
            var security = connection.IsTls ? $"{TlsVersion.NameOf(connection)}, {connection.CipherSuite}" : "cleartext";
            Print($"connected from {client} over {security}");
        }
    }

    /// <summary>Prints the frames of octets that came.</summary>
    public void Received(ReadOnlySpan<byte> octets)
    {
        var wasForeign = _client.IsForeign;
        _client.Read(octets, _onReceived);
        if (_client.IsForeign && !wasForeign && _printsFrames)
            Print("recv something that is not the preface of HTTP/2");
    }

    /// <summary>Prints the frames of octets that go out.</summary>
    public void Sent(ReadOnlySpan<byte> octets)
    {
        if (!_client.IsForeign)
            _server.Read(octets, _onSent);
    }

    /// <summary>Prints the end of the connection.</summary>
    public void Closed()
    {
        _requests.Closed();
        if (_printsFrames)
            Print("closed");
    }

    private void OnReceived(TracedFrame frame)
    {
        if (_printsFrames)
            Print(_style.Cyan("recv"), frame);
        if (frame.Header.Type == FrameType.Settings)
            OnSettings(frame, of: _clientTableSizes, acknowledged: _serverTableSizes, sender: _client);
        _requests.Received(frame);
    }

    private void OnSent(TracedFrame frame)
    {
        if (_printsFrames)
            Print(_style.Magenta("send"), frame);
        if (frame.Header.Type == FrameType.Settings)
            OnSettings(frame, of: _serverTableSizes, acknowledged: _clientTableSizes, sender: _server);
        _requests.Sent(frame);
    }

    // RFC 9113 §4.3.1: whoever acknowledges a table size encodes by it from then on.
    private static void OnSettings(in TracedFrame frame, Queue<uint?> of, Queue<uint?> acknowledged, FrameReader sender)
    {
        if (!frame.Header.Has(FrameFlags.Ack))
        {
            uint? size = null;
            var settings = new SettingsPayload(frame.Payload);
            for (var i = 0; i < settings.Count; i++)
                size = settings[i].Id == SettingId.HeaderTableSize ? settings[i].Value : size;
            of.Enqueue(size);
        }
        else if (acknowledged.TryDequeue(out var size) && size is { } known)
        {
            sender.SetTableSize(known);
        }
    }

    private void Print(string direction, in TracedFrame frame)
    {
        var lines = FrameText.Lines(frame.Header, frame.Payload, frame.Fields);
        var separator = "\n" + new string(' ', Indent);
        Print($"{direction} {_style.Bold(lines[0])}{string.Concat(lines.Skip(1).Select(line => separator + line))}");
    }

    private void Print(string text)
    {
        var time = Stopwatch.GetElapsedTime(_opened).TotalSeconds;
        _output.Write(string.Create(CultureInfo.InvariantCulture, $"{_style.Dim(_name)} {_style.Dim($"[{time,7:0.000}]")} {text}"));
    }
}
