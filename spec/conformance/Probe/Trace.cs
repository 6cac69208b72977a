using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Http2.Conformance;

/// <summary>
/// The frames exchanged with the server, with times. They are formatted only when the lines are asked for. Of a long exchange the first and
/// the last entries are kept.
/// </summary>
internal sealed class Trace
{
    private const int HeadLength = 40;
    private const int TailLength = 40;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<Entry> _head = [];
    private readonly Queue<Entry> _tail = [];
    private long _dropped;

    private enum Kind
    {
        Sent,
        Received,
        Words,
    }

    public void Sent(in WireFrame frame) => Add(new Entry(Elapsed, Kind.Sent, Shorten(frame), frame.Length, null));

    public void Received(in WireFrame frame) => Add(new Entry(Elapsed, Kind.Received, Shorten(frame), frame.Length, null));

    public void SentOctets(string what, ReadOnlySpan<byte> octets) =>
        Add(new Entry(Elapsed, Kind.Words, default, 0, $"send {what}: {Convert.ToHexStringLower(octets[..Math.Min(64, octets.Length)])}"));

    public void Note(string words) => Add(new Entry(Elapsed, Kind.Words, default, 0, words));

    public ImmutableArray<string> ToLines()
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in _head)
            Write(entry, lines);
        if (_dropped > 0)
            lines.Add($"           ... {_dropped.ToString("N0", CultureInfo.InvariantCulture)} more ...");
        foreach (var entry in _tail)
            Write(entry, lines);
        return lines.ToImmutable();
    }

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    private static WireFrame Shorten(in WireFrame frame) =>
        frame.Length <= 1024 ? frame : frame with { Payload = frame.Payload[..1024].ToArray() };

    private static void Write(Entry entry, ImmutableArray<string>.Builder lines)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"[{entry.Time.TotalSeconds,7:0.000}] ");
        if (entry.Kind == Kind.Words)
        {
            lines.Add(time + entry.Words);
            return;
        }
        var verb = entry.Kind == Kind.Sent ? "send " : "recv ";
        var first = true;
        foreach (var line in FrameLine.Lines(entry.Frame, entry.Length))
        {
            lines.Add(first ? time + verb + line : new string(' ', time.Length) + line);
            first = false;
        }
    }

    private void Add(Entry entry)
    {
        if (_head.Count < HeadLength)
        {
            _head.Add(entry);
            return;
        }
        _tail.Enqueue(entry);
        if (_tail.Count > TailLength)
        {
            _tail.Dequeue();
            _dropped++;
        }
    }

    private readonly record struct Entry(TimeSpan Time, Kind Kind, WireFrame Frame, int Length, string? Words);
}
