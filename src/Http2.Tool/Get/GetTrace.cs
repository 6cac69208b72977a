using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>Shows every frame of a client's connections, as nghttp does, or as lines of JSON.</summary>
/// <param name="output">Where they go.</param>
/// <param name="style">Colours.</param>
internal sealed class GetTrace(GetOutput output, TerminalStyle style) : FrameTap
{
    private const int Indent = 10;

    private readonly ConcurrentDictionary<long, long> _opened = new();

    /// <inheritdoc/>
    public override void Opened(Http2ConnectionInfo connection)
    {
        base.Opened(connection);
        _opened[connection.Id] = Stopwatch.GetTimestamp();
        if (output.IsJson)
            return;
        var security = connection.IsTls ? $" over {TlsVersion.NameOf(connection)}, {connection.CipherSuite}" : "";
        output.WriteLine($"{style.Dim("[  0.000]")} Connected to {connection.RemoteAddress}{security}");
    }

    /// <inheritdoc/>
    protected override void Take(Http2ConnectionInfo connection, SeenFrame seen)
    {
        var time = Stopwatch.GetElapsedTime(_opened[connection.Id], seen.At).TotalSeconds;
        var lines = FrameText.Lines(seen.Frame.Header, seen.Frame.Payload, seen.Frame.Fields);
        output.WriteLine(output.IsJson ? GetOutput.JsonLine(json => FrameJson.Write(json, seen, time, lines)) : Text(seen, time, lines));
    }

    private string Text(in SeenFrame seen, double time, IReadOnlyList<string> lines)
    {
        var separator = "\n" + new string(' ', Indent);
        var rest = string.Concat(lines.Skip(1).Select(line => separator + line));
        var direction = seen.IsReceived ? style.Cyan("recv") : style.Magenta("send");
        var clock = style.Dim(string.Create(CultureInfo.InvariantCulture, $"[{time,7:0.000}]"));
        return $"{clock} {direction} {style.Bold(lines[0])}{rest}";
    }
}
