using System.Diagnostics;
using System.Net.Sockets;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Conformance;

/// <summary>How a flood ended.</summary>
/// <param name="Sent">How many units went out.</param>
/// <param name="GoAway">The code of GOAWAY, or null.</param>
/// <param name="LastStream">The last stream that GOAWAY named.</param>
/// <param name="Closed">Whether the server closed the connection.</param>
/// <param name="Resets">How many RST_STREAM came.</param>
/// <param name="Refused">How many of them with REFUSED_STREAM.</param>
/// <param name="Elapsed">From the first octet to the end.</param>
internal readonly record struct Flooded(long Sent, ErrorCode? GoAway, uint LastStream,
    bool Closed, int Resets, int Refused, TimeSpan Elapsed)
{
    /// <summary>Whether the server ended the connection, with GOAWAY or without.</summary>
    public bool Ended => Closed || GoAway is not null;

    /// <inheritdoc/>
    public override string ToString() => (GoAway, Closed) switch
    {
        ({ } code, _) =>
            FormattableString.Invariant($"GOAWAY with {FrameLine.Name(code)}, last stream {LastStream}, after {Elapsed.TotalSeconds:0.00} s"),
        (_, true) => FormattableString.Invariant($"closed without GOAWAY after {Elapsed.TotalSeconds:0.00} s"),
        _ => FormattableString.Invariant($"still open after {Sent:N0} units, {Resets} RST_STREAM, {Elapsed.TotalSeconds:0.00} s"),
    };
}

/// <summary>Floods: many frames sent as fast as the connection takes them, with or without reading at the same time.</summary>
internal static class Floods
{
    private const int ChunkLength = 64 * 1024;
    private const ulong NoFence = ulong.MaxValue;

    /// <summary>
    /// Sends <paramref name="count"/> units, reading all the while, until the server ends the connection or all is sent and a PING
    /// behind it is answered.
    /// </summary>
    /// <param name="p">The probe that sends.</param>
    /// <param name="count">How many units.</param>
    /// <param name="write">Writes one unit, by its number.</param>
    /// <param name="limit">When to give up; default 20 s.</param>
    public static async Task<Flooded> Flood(this Probe p, int count, Action<OutputBuffer, int> write, TimeSpan? limit = null)
    {
        await p.Flush().ConfigureAwait(false);
        p.GrantsWindow = p.Records = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(p.Cancellation);
        var started = Stopwatch.GetTimestamp();
        var fence = p.NextFence();
        var sending = PumpAsync(p, count, write, Octet.Frame(FrameType.Ping, 0, 0, Octet.UInt64(fence)), stop.Token);
        var seen = await WatchAsync(p, fence, started + (long)((limit ?? TimeSpan.FromSeconds(20)).TotalSeconds * Stopwatch.Frequency))
            .ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        var flooded = seen with { Sent = await sending.ConfigureAwait(false), Elapsed = Stopwatch.GetElapsedTime(started) };
        p.Trace.Note($"flood: {flooded}");
        p.Measured.Add(flooded.ToString());
        return flooded;
    }

    /// <summary>Sends units without reading, until the server closes or the limit has passed; reads only then.</summary>
    public static async Task<Flooded> FloodUnread(this Probe p, int count, Action<OutputBuffer, int> write, TimeSpan limit)
    {
        await p.Flush().ConfigureAwait(false);
        p.GrantsWindow = p.Records = false;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(p.Cancellation);
        stop.CancelAfter(limit);
        var started = Stopwatch.GetTimestamp();
        var sent = await PumpAsync(p, count, write, [], stop.Token).ConfigureAwait(false);
        var flooded = new Flooded(sent, null, 0, Closed: !stop.IsCancellationRequested && sent < count, 0, 0, default);

        // The server took everything, or stopped reading without closing; its answer, such as GOAWAY, is read now.
        if (!flooded.Closed)
            flooded = await WatchAsync(p, NoFence, started + (long)((limit.TotalSeconds + 1) * Stopwatch.Frequency)).ConfigureAwait(false);
        flooded = flooded with { Sent = sent, Elapsed = Stopwatch.GetElapsedTime(started) };
        p.Trace.Note($"flood, unread: {flooded}");
        p.Measured.Add(flooded.ToString());
        return flooded;
    }

    private static async Task<long> PumpAsync(Probe p, int count, Action<OutputBuffer, int> write, byte[] last, CancellationToken cancellation)
    {
        var buffer = new OutputBuffer(ChunkLength + 20_000);
        var next = 0;
        try
        {
            while (next < count)
            {
                buffer.Truncate(0);
                while (next < count && buffer.Length < ChunkLength)
                    write(buffer, next++);
                await p.Connection.SendAsync(buffer.WrittenMemory, cancellation).ConfigureAwait(false);
            }
            if (last.Length > 0)
                await p.Connection.SendAsync(last, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException
            or OperationCanceledException or ObjectDisposedException)
        {
            p.Cancellation.ThrowIfCancellationRequested();
            return Math.Min(next, count - 1);
        }
        return next;
    }

    private static async Task<Flooded> WatchAsync(Probe p, ulong fence, long until)
    {
        var resets = 0;
        var refused = 0;
        ErrorCode? goAway = null;
        var last = 0u;
        while (true)
        {
            var left = until - Stopwatch.GetTimestamp();
            if (left <= 0)
                return new Flooded(0, goAway, last, false, resets, refused, default);
            var (outcome, frame) = await p.Next(TimeSpan.FromSeconds((double)left / Stopwatch.Frequency)).ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
                return new Flooded(0, goAway, last, outcome != ReadOutcome.TimedOut, resets, refused, default);
            switch (frame.Type)
            {
                case FrameType.GoAway when frame.ErrorCode != ErrorCode.NoError:
                    return new Flooded(0, frame.ErrorCode, frame.NamedStream, false, resets, refused, default);
                case FrameType.GoAway:
                    (goAway, last) = (frame.ErrorCode, frame.NamedStream);
                    break;
                case FrameType.RstStream:
                    resets++;
                    refused += frame.ErrorCode == ErrorCode.RefusedStream ? 1 : 0;
                    break;
                case FrameType.Ping when frame.IsPong(fence):
                    return new Flooded(0, goAway, last, false, resets, refused, default);
            }
        }
    }
}
