using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What the transport still reads from is written by nobody: neither by the connection nor by whoever borrows a buffer meanwhile.</summary>
public sealed class LentBuffersTests
{
    // More than the pool keeps, so that one which was given back too early is among them.
    private const int Borrowed = 100;

    [Fact]
    public void What_is_being_sent_stays_as_it_was()
    {
        var rooms = new Rooms();
        var transport = new ReadingTransport();
        var core = rooms.Core;
        var output = new OutputWriter(transport, core, rooms.Memory, 1 << 20, isTls: false, static () => { });
        rooms.Open();
        var written = core.Output.WrittenMemory.ToArray();
        output.Send();
        Assert.True(output.IsSending);
        core.SubmitPing(0xffffffffffffffff);
        Scribble();
        Assert.Equal(written, transport.Reading.ToArray());
        transport.Sending.SetResult();
        output.CompleteSend();
    }

    [Fact]
    public void What_waits_behind_a_write_goes_out_as_it_was_written()
    {
        var rooms = new Rooms();
        rooms.Transport.HoldsWrites = true;
        rooms.Open();
        rooms.Output.Send();
        for (var ping = 1ul; ping < 20; ping++)
            rooms.Core.SubmitPing(ping);
        var waiting = rooms.Core.Output.WrittenMemory.ToArray();
        rooms.Output.Suspend();
        Scribble();
        rooms.Output.Resume();
        Assert.Equal(waiting, rooms.Core.Output.WrittenMemory.ToArray());
        rooms.Transport.Release();
        rooms.Output.CompleteSend();
        Scribble();
        Assert.Equal(waiting, rooms.Core.Output.WrittenMemory.ToArray());
    }

    [Fact]
    public void What_a_callback_reads_in_is_lent_to_nobody_else()
    {
        var rooms = new Rooms();
        rooms.Receive(1, 2, 3);
        var read = rooms.Input.Octets;
        rooms.Input.Detach();
        for (var i = 0; i < Borrowed; i++)
            rooms.Memory.Rent(1024).AsSpan().Fill(9);
        Assert.Equal([1, 2, 3], read.ToArray());
    }

    [Fact]
    public void What_the_transport_receives_into_is_lent_to_nobody_else()
    {
        var rooms = new Rooms();
        Assert.False(rooms.Input.Receive(expectsMuch: true));
        rooms.Input.Release();
        var others = Enumerable.Range(0, Borrowed).Select(_ => rooms.Memory.Rent(1024)).ToList();
        rooms.Transport.Come(7, 7, 7);
        Assert.True(SpinWait.SpinUntil(() => rooms.Received == 1, Patience.Time));
        Assert.All(others, static buffer => Assert.DoesNotContain((byte)7, buffer[..3]));
        Assert.Equal([7, 7, 7], rooms.Input.CompleteReceive(isWanted: true).ToArray());
    }

    private static void Scribble()
    {
        var borrowed = Enumerable.Range(0, Borrowed).Select(static _ => EffectPool.RentOutput()).ToList();
        borrowed.ForEach(static buffer => buffer.Write(Enumerable.Repeat((byte)0xee, 4096).ToArray()));
        borrowed.ForEach(EffectPool.ReturnOutput);
    }

    /// <summary>A transport that reads what it sends only later, as one does whose peer is slow.</summary>
    private sealed class ReadingTransport : ITransport
    {
        public TaskCompletionSource Sending { get; } = new();

        public ReadOnlyMemory<byte> Reading { get; private set; }

        public long Taken => 0;

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => new(new TaskCompletionSource<int>().Task);

        public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
        {
            Reading = octets;
            return new ValueTask(Sending.Task);
        }

        public ValueTask FinishSendingAsync() => default;

        public void Close()
        {
        }
    }
}
