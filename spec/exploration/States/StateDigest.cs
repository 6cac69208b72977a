using Hpack.Pure;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// What of a connection's state its future depends on, by value. Times count as the time that has passed since, so that what happens later is
/// the same state when the same is left to wait for. Rate budgets are left out, because the explored connections have no limit on rates; the
/// rules compare the futures of states with the same digest, which shows that nothing else is missing.
/// </summary>
internal static class StateDigest
{
    /// <summary>Adds a connection to a digest.</summary>
    /// <param name="digest">What is added to.</param>
    /// <param name="fold">The connection.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public static void Add(DigestWriter digest, ConnectionFold fold, long now)
    {
        var core = fold.State.Core;
        digest.Add((long)core.Phase);
        digest.Add(fold.Partial.Join().Span);
        AddSettings(digest, core, now);
        AddClosing(digest, core.Closing, now);
        AddBlock(digest, core.Block, now);
        AddTables(digest, core);
        AddLiveness(digest, core.Liveness, now);
        digest.Add(core.Flow.Send.Octets);
        digest.Add(core.Flow.Receive.Octets);
        digest.Add(core.Flow.Unread);
        digest.Add(core.Flow.UnreadBound);
        AddBook(digest, core.Streams);
        foreach (var record in core.Streams.Set)
            AddRecord(digest, record);
    }

    private static void AddSettings(DigestWriter digest, in Core core, long now)
    {
        AddInForce(digest, core.Peer);
        AddInForce(digest, core.Ours.Acknowledged);
        digest.Add(core.Ours.InFlight.Count);
        foreach (var frame in core.Ours.InFlight.Items)
        {
            digest.Add(now - frame.SentAt);
            digest.Add(frame.Settings.Count);
            foreach (var setting in frame.Settings.Items)
            {
                digest.Add((long)setting.Id);
                digest.Add(setting.Value);
            }
        }
    }

    private static void AddInForce(DigestWriter digest, SettingsInForce settings)
    {
        digest.Add(settings.HeaderTableSize);
        digest.Add(settings.EnablePush);
        digest.Add(settings.MaxConcurrentStreams);
        digest.Add(settings.InitialWindow);
        digest.Add(settings.MaxFrameSize);
        digest.Add(settings.MaxHeaderListSize);
        digest.Add(settings.EnableConnectProtocol);
        digest.Add(settings.NoRfc7540Priorities);
    }

    private static void AddClosing(DigestWriter digest, Closing closing, long now)
    {
        digest.Add(closing.Sent?.Last.Value ?? -1L);
        digest.Add(closing.IsFinal);
        digest.Add(closing.Shutdown is { } shutdown ? now - shutdown.Since : -1);
        digest.Add(closing.Shutdown is { IsUnhurried: true });
        digest.Add(closing.ReceivedLast?.Value ?? -1L);
        digest.Add(closing.InputEnded);
    }

    private static void AddBlock(DigestWriter digest, OpenBlock? open, long now)
    {
        digest.Add(open is null ? -1 : now - open.Since);
        if (open is not { Block: var block })
            return;
        digest.Add(block.StreamId.Value);
        digest.Add(block.EndStream);
        digest.Add(block.Promised.Value);
        digest.Add(block.Continuations);
        digest.Add(block.EmptyContinuations);
        digest.Add(block.Join().Span);
    }

    private static void AddTables(DigestWriter digest, in Core core)
    {
        digest.Add(core.Decoder.MaxTableSize);
        digest.Add(core.Decoder.Owed);
        AddTable(digest, core.Decoder.Table);
        digest.Add(core.Encoder.PeerLimit);
        digest.Add(core.Encoder.Announced);
        digest.Add(core.Encoder.Smallest);
        AddTable(digest, core.Encoder.Table);
        foreach (var sighting in core.Encoder.Log.Sightings(core.Encoder.Sighted))
            digest.Add(sighting);
    }

    private static void AddTable(DigestWriter digest, DynamicTable table)
    {
        digest.Add(table.MaxSize);
        digest.Add(table.Count);
        for (var i = 0; i < table.Count; i++)
        {
            digest.Add(table.View(i).Name);
            digest.Add(table.View(i).Value);
        }
    }

    private static void AddLiveness(DigestWriter digest, Liveness liveness, long now)
    {
        digest.Add(now - liveness.HeardAt);
        digest.Add(liveness.CommandSinceLastFrame);
        digest.Add(liveness.KeepAlive is { } asked ? now - asked.At : -1);
        digest.Add(liveness.KeepAlive is { IsOpen: true });
        digest.Add(liveness.Pings.Count);
        foreach (var ping in liveness.Pings.Items)
            digest.Add((long)ping);
    }

    private static void AddBook(DigestWriter digest, in StreamBook book)
    {
        digest.Add(book.Fresh is { } fresh ? fresh.Id.Value : -1L);
        digest.Add((long)(book.Fresh?.Kind ?? RequestKind.Plain));
        digest.Add(book.HighestPeer.Value);
        digest.Add(book.HighestOwn.Value);
        digest.Add(book.Cursor.Value);
        digest.Add(book.SendOffsetBound.Octets);
        for (var id = 1u; id <= Math.Max(book.HighestPeer.Value, book.HighestOwn.Value); id++)
        {
            digest.Add((long)book.StateOf(new(id), out _));
            digest.Add(book.Closed.Skipped.Contains(new(id)));
        }
    }

    private static void AddRecord(DigestWriter digest, StreamRecord record)
    {
        digest.Add(record.Id.Value);
        digest.Add((long)record.State);
        if (record is not StreamRecord.Live stream)
            return;
        digest.Add((long)stream.Kind);
        digest.Add((long)stream.Response);
        digest.Add(stream.Outgoing.Offset.Octets);
        digest.Add(stream.Outgoing.Left.OctetsOrMinusOne);
        digest.Add(stream.Outgoing.Queue.Length);
        foreach (var chunk in stream.Outgoing.Queue.Chunks())
            digest.Add(chunk.Span);
        digest.Add(stream.Outgoing.End is not null);
        digest.Add(stream.Outgoing.End?.Trailers?.Count ?? -1);
        digest.Add(stream.Incoming.Offset.Octets);
        digest.Add(stream.Incoming.Left.OctetsOrMinusOne);
        digest.Add(stream.Incoming.Unconsumed);
        digest.Add(stream.Incoming.Owed);
    }
}
