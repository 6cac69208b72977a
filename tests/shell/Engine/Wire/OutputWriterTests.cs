using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What the core has written, until the transport has taken it.</summary>
public sealed class OutputWriterTests
{
    private readonly Rooms _rooms = new();

    private OutputWriter Output => _rooms.Output;

    [Fact]
    public void What_the_transport_takes_at_once_is_gone()
    {
        _rooms.Open();
        var written = _rooms.Core.Output.WrittenMemory.ToArray();
        Output.Send();
        Assert.Equal(written, _rooms.Transport.Sent);
        Assert.Equal(0, _rooms.Core.Output.Length);
        Assert.False(Output.IsSending);
        Assert.Equal(0, _rooms.Memory.Held);
    }

    [Fact]
    public void A_write_that_waits_is_counted_until_it_is_complete()
    {
        _rooms.Transport.HoldsWrites = true;
        _rooms.Open();
        Output.Send();
        Assert.True(Output.IsSending);
        Assert.True(_rooms.Memory.Held > 0);
        // what is written meanwhile goes elsewhere
        _rooms.Core.SubmitPing(1);
        Assert.Equal(17, _rooms.Core.Output.Length);
        _rooms.Transport.Release();
        Assert.True(SpinWait.SpinUntil(() => _rooms.SentLater == 1, Patience.Time));
        Output.CompleteSend();
        Assert.False(Output.IsSending);
        Assert.Equal(0, _rooms.Memory.Held);
    }

    [Fact]
    public void What_is_not_sent_when_a_run_ends_goes_out_first_in_the_next()
    {
        _rooms.Open();
        var written = _rooms.Core.Output.WrittenMemory.ToArray();
        Output.Suspend();
        _rooms.Core.Detach();
        Assert.True(_rooms.Memory.Held >= written.Length);
        _rooms.Core.Attach(new Effects());
        Output.Resume();
        Assert.Equal(written, _rooms.Core.Output.WrittenMemory.ToArray());
        Assert.Equal(0, _rooms.Memory.Held);
    }

    [Fact]
    public void It_is_full_while_more_than_the_limit_waits_behind_a_write()
    {
        var rooms = new Rooms(Rooms.Default with { MaxUnsentPerConnection = 20 });
        rooms.Transport.HoldsWrites = true;
        rooms.Open();
        Assert.False(rooms.Output.IsFull);
        rooms.Output.Send();
        rooms.Core.SubmitPing(1);
        Assert.False(rooms.Output.IsFull);
        rooms.Core.SubmitPing(2);
        Assert.True(rooms.Output.IsFull);
        rooms.Transport.Release();
        rooms.Output.CompleteSend();
        Assert.False(rooms.Output.IsFull);
    }

    [Fact]
    public void Queued_bodies_are_added_up_to_what_one_write_should_have()
    {
        var id = _rooms.OpenWithUpload();
        _rooms.Core.SubmitResponse(id, new OutboundHead(200, []), default, endStream: false);
        _rooms.Core.SubmitData(id, new byte[60_000], endStream: true);
        Assert.True(Output.Fill());
        Assert.InRange(_rooms.Core.Output.Length, 60_000, 66_000);
        Assert.False(Output.Fill());
    }

    [Fact]
    public void A_failed_write_leaves_nothing_to_be_sent_again()
    {
        _rooms.Open();
        _rooms.Transport.SendFailure = new IOException("gone");
        Assert.Throws<IOException>(Output.Send);
        Assert.Equal(0, _rooms.Core.Output.Length);
        Assert.False(Output.IsSending);
    }

    [Fact]
    public void A_question_of_ours_is_not_taken_for_an_answer()
    {
        _rooms.Open();
        _rooms.Core.SetTime(5);
        Output.Send();
        Assert.Equal(5, Output.SentAt);
        _rooms.Core.SetTime(9);
        _rooms.Core.SubmitPing(1);
        Output.OnlyAsks = true;
        Output.Send();
        Assert.Equal(5, Output.SentAt);
        _rooms.Core.SubmitPing(2);
        Output.Send();
        Assert.Equal(9, Output.SentAt);
    }
}
