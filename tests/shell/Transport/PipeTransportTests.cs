using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A transport of two pipes alone.</summary>
public sealed class PipeTransportTests
{
    [Fact]
    public async Task Closing_ends_a_read_and_a_write_that_wait()
    {
        var (_, theirs) = PipeEnds.Create(pause: 4);
        var transport = new PipeTransport(theirs, TimeProvider.System);
        var reading = transport.ReceiveAsync(new byte[10]).AsTask();
        var writing = transport.SendAsync(new byte[10]).AsTask();
        Assert.False(reading.IsCompleted || writing.IsCompleted);
        transport.Close();
        Assert.Equal(0, await reading.Soon());
        await Assert.ThrowsAsync<IOException>(() => writing.Soon());
    }

    [Fact]
    public async Task What_was_sent_is_there_behind_the_end_and_ending_twice_ends_once()
    {
        var (ours, theirs) = PipeEnds.Create();
        var transport = new PipeTransport(theirs, TimeProvider.System);
        await transport.SendAsync(new byte[3]);
        Assert.Equal(3, transport.Taken);
        await transport.FinishSendingAsync();
        await transport.FinishSendingAsync();
        transport.Close();
        transport.Close();
        var read = await ours.Input.ReadAsync().AsTask().Soon();
        Assert.Equal((3, true), (read.Buffer.Length, read.IsCompleted));
    }

    [Fact]
    public async Task Octets_come_in_parts_as_large_as_there_is_room_for()
    {
        var (ours, theirs) = PipeEnds.Create();
        var transport = new PipeTransport(theirs, TimeProvider.System);
        await ours.Output.WriteAsync(new byte[] { 1, 2, 3 });
        var buffer = new byte[2];
        Assert.Equal(2, await transport.ReceiveAsync(buffer));
        Assert.Equal([1, 2], buffer);
        Assert.Equal(1, await transport.ReceiveAsync(buffer));
        Assert.Equal(3, buffer[0]);
        Assert.Equal(3, transport.Received);
        await ours.Output.CompleteAsync();
        Assert.Equal(0, await transport.ReceiveAsync(buffer));
    }
}
