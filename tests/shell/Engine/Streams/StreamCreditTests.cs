using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Credit that readers on other threads leave for the owner: all of it arrives, once.</summary>
public sealed class StreamCreditTests
{
    private readonly PlainStream _stream = new();

    [Fact]
    public void What_is_taken_is_gone()
    {
        Assert.True(_stream.AddCredit(5));
        Assert.False(_stream.AddCredit(7));
        Assert.Equal(12, _stream.TakeCredit());
        Assert.Equal(0, _stream.TakeCredit());
        // whoever adds to nothing has to tell the owner again
        Assert.True(_stream.AddCredit(1));
    }

    [Fact]
    public void Between_threads_nothing_is_lost_or_given_twice()
    {
        const int Readers = 3, Each = 100_000;
        var taken = 0L;
        var readers = Enumerable.Range(0, Readers).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
                _stream.AddCredit(1);
        })).ToList();
        readers.ForEach(static thread => thread.Start());
        while (readers.Exists(static thread => thread.IsAlive))
            taken += _stream.TakeCredit();
        taken += _stream.TakeCredit();
        Assert.Equal(Readers * Each, taken);
    }

    [Fact]
    public void The_owner_gives_the_peer_what_was_left_for_it_and_no_more()
    {
        var connection = new Http2Connection(Rooms.Host(), new ScriptedTransport(), new Http2ConnectionInfo(1, null, null));
        var stream = new PlainStream(1, connection);
        var unread = connection.Owner.RunAsOwner(() =>
        {
            connection.Core.Open(Role.Server, Rooms.Default.Connection, null);
            ReadOnlyMemory<byte> octets = (byte[])[.. Rooms.Preface, .. Requests.Post(1), .. Requests.Data(1, 10_000)];
            while (!octets.IsEmpty)
                octets = octets[connection.Core.Receive(octets)..];
            stream.AddCredit(1_000);
            for (var i = 0; i < 3; i++)
                stream.CreditTask.Run();
            return connection.Core.Unread;
        });
        Assert.Equal(9_000, unread);
    }
}
