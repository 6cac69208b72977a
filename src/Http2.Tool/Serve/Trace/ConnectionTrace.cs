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

    private readonly FramePair _frames;
    private readonly RequestLines _requests;
    private readonly OutputQueue _output;
    private readonly TerminalStyle _style;
    private readonly bool _printsFrames;
    private readonly string _name;
    private readonly long _opened = Stopwatch.GetTimestamp();

    /// <summary>Begins with a connection.</summary>
    public ConnectionTrace(Http2ConnectionInfo connection, OutputQueue output, bool printsFrames, TerminalStyle style)
    {
        (_output, _printsFrames, _style) = (output, printsFrames, style);
        var client = connection.RemoteAddress?.ToString() ?? "-";
        _name = string.Create(CultureInfo.InvariantCulture, $"[id={connection.Id}]");
        _requests = new RequestLines(client, output, style);
        _frames = new FramePair(OnReceived, OnSent);
        if (printsFrames)
        {
            var security = connection.IsTls ? $"{TlsVersion.NameOf(connection)}, {connection.CipherSuite}" : "cleartext";
            Print($"connected from {client} over {security}");
        }
    }

    /// <summary>Prints the frames of octets that came.</summary>
    public void Received(ReadOnlySpan<byte> octets)
    {
        var wasForeign = _frames.IsForeign;
        _frames.FromClient(octets);
        if (_frames.IsForeign && !wasForeign && _printsFrames)
            Print("recv something that is not the preface of HTTP/2");
    }

    /// <summary>Prints the frames of octets that go out.</summary>
    public void Sent(ReadOnlySpan<byte> octets) => _frames.FromServer(octets);

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
        _requests.Received(frame);
    }

    private void OnSent(TracedFrame frame)
    {
        if (_printsFrames)
            Print(_style.Magenta("send"), frame);
        _requests.Sent(frame);
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
