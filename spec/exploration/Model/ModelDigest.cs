using Http2.Pure;

namespace Http2.Exploration;

/// <summary>What of a model's history its future verdicts depend on: two histories with the same digest are one.</summary>
internal static class ModelDigest
{
    private static readonly SettingId[] Settings =
    [
        SettingId.HeaderTableSize, SettingId.EnablePush, SettingId.MaxConcurrentStreams, SettingId.InitialWindowSize, SettingId.MaxFrameSize,
    ];

    /// <summary>Adds a model to a digest.</summary>
    public static void Add(DigestWriter digest, ReferenceModel model)
    {
        var history = model.History;
        foreach (var setting in Settings)
        {
            digest.Add(history.Ours.Acknowledged(setting));
            digest.Add(history.Peers.Latest(setting));
        }
        foreach (var setting in history.Ours.InFlight)
        {
            digest.Add((long)setting.Id);
            digest.Add(setting.Value);
        }
        digest.Add(history.GoAwaysSent.Count > 0 ? history.GoAwaysSent.Min() : -1L);
        digest.Add(history.GoAwaysReceived.Count > 0 ? history.GoAwaysReceived.Min() : -1L);
        digest.Add(model.OwesGoAway);
        digest.Add(model.OwesFinalGoAway);
        AddBlocks(digest, model.Blocks);
        digest.Add(history.SendWindow(0));
        digest.Add(history.ReceiveWindow(0));
        foreach (var id in history.Streams.Order())
            AddStream(digest, model, id);
    }

    private static void AddBlocks(DigestWriter digest, FieldBlocks blocks)
    {
        digest.Add(blocks.TableSize);
        digest.Add(blocks.Owed ?? -1);
        digest.Add(blocks.Empty);
        digest.Add(blocks.Open is not null);
        if (blocks.Open is not { } open)
            return;
        digest.Add(open.Id);
        digest.Add(open.End);
        digest.Add(open.Trailers);
        digest.Add(open.Update);
    }

    private static void AddStream(DigestWriter digest, ReferenceModel model, uint id)
    {
        var history = model.History;
        var state = history.State(id);
        digest.Add(id);
        // whichever of the two it is, the same is allowed
        digest.Add((long)(state == StreamState.ResetByPeer ? StreamState.Ended : state));
        digest.Add(model.IsLingering(id));
        digest.Add(history.IsSkipped(id));
        if (state.IsClosed())
            return;
        digest.Add(history.SendWindow(id));
        digest.Add(history.ReceiveWindow(id));
        digest.Add(history.Has(sent: true, Mark.Head, id));
        digest.Add(history.Has(sent: false, Mark.Head, id));
        digest.Add(model.Queued(id));
        digest.Add(model.EndQueued(id));
        digest.Add(model.Unconsumed(id));
    }
}
