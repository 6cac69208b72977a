using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Our own settings between sending and acknowledgement (RFC 9113 §6.5.3), over any frames and any number of acknowledgements.</summary>
public sealed class SettingsLedgerProperties
{
    [Property]
    public void What_is_acknowledged_is_what_the_frames_say_in_the_order_they_were_sent(byte[][] frames, byte acknowledgements)
    {
        var (ledger, acknowledged) = Play(frames, acknowledgements);
        Assert.Equal(LastOf(frames.Take(acknowledged)), ledger.Acknowledged.InitialWindow);
        Assert.Equal(frames.Length - acknowledged, ledger.InFlight.Count);
    }

    [Property]
    public void What_will_hold_is_what_was_sent_last(byte[][] frames, byte acknowledgements) =>
        Assert.Equal(LastOf(frames), Play(frames, acknowledgements).Ledger.Latest.InitialWindow);

    [Property]
    public void The_peer_may_count_on_the_most_that_it_may_have_applied(byte[][] frames, byte acknowledgements)
    {
        var (ledger, acknowledged) = Play(frames, acknowledgements);
        var inFlight = frames.Skip(acknowledged).SelectMany(values => values).Select(value => (uint)value);
        Assert.Equal(inFlight.Append(LastOf(frames.Take(acknowledged))).Max(), ledger.ReceiveWindow);
    }

    [Property]
    public void Once_everything_is_acknowledged_there_is_one_truth(byte[][] frames)
    {
        var (ledger, _) = Play(frames, int.MaxValue);
        Assert.Equal(ledger.Acknowledged, ledger.Latest);
        Assert.Equal(ledger.Latest.InitialWindow, ledger.ReceiveWindow);
        Assert.Equal(ledger.Latest.MaxFrameSize, ledger.MaxFrameSize);
    }

    // each frame sets the initial window to one value after the other
    private static (SettingsLedger Ledger, int Acknowledged) Play(byte[][] frames, int acknowledgements)
    {
        var ledger = SettingsLedger.Initial;
        foreach (var values in frames)
            ledger = ledger.Send(new([.. values.Select(value => new Setting(SettingId.InitialWindowSize, value))]), 0);
        var acknowledged = Math.Min(acknowledgements, frames.Length);
        for (var i = 0; i < acknowledged; i++)
            ledger = ledger.Acknowledge();
        return (ledger, acknowledged);
    }

    private static uint LastOf(IEnumerable<byte[]> frames) =>
        frames.SelectMany(values => values).Select(value => (uint)value).Prepend((uint)WireConstants.InitialWindow).Last();
}
