using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// Sockets on event loops: the gate between an attempt and the edge that is reported, on as many threads as serve. Nobody waits for a look of
/// the watchdog.
/// </summary>
public sealed class TransportTests(ITestOutputHelper output) : Scenarios(output)
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(8, 1)]
    public void Octets_that_come_in_pieces_are_received_to_the_end(int size, int delays) => ExploreDelays(
        scenario =>
        {
            var loops = new LoopRun(scenario, threads: 2);
            var (transport, peer) = loops.Accept();
            var receiver = new Receiver(scenario, transport, size);
            scenario.Run("receiver", () =>
            {
                receiver.Receive();
                transport.Begin();
            });
            scenario.Run("peer", () =>
            {
                peer.Send(1, 2);
                peer.Send(3);
                peer.Finish();
            });
            scenario.WaitUntil("the end of what the peer sends", () => receiver.HasEnded);
            scenario.Check(receiver.Octets.SequenceEqual(new byte[] { 1, 2, 3 }), $"Received: {string.Join(' ', receiver.Octets)}.");
            scenario.Check(scenario.Idle == 0, $"Octets were there, and nobody came for {scenario.Idle} ms.");
            transport.Close();
        },
        delays);

    [Fact]
    public void What_finds_no_room_is_sent_as_there_is_some() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 2);
            var (transport, peer) = loops.Accept(room: 2);
            var sent = false;
            scenario.Run("sender", () =>
            {
                transport.Begin();
                var awaiter = transport.SendAsync(new byte[] { 1, 2, 3, 4, 5 }).GetAwaiter();
                if (awaiter.IsCompleted)
                    sent = true;
                else
                    awaiter.UnsafeOnCompleted(() => sent = true);
            });
            scenario.Run("peer", () =>
            {
                peer.Take(1);
                peer.Take(2);
            });
            scenario.WaitUntil("the end of what is sent", () => sent);
            scenario.Check(peer.Received.SequenceEqual(new byte[] { 1, 2, 3, 4, 5 }), $"Sent: {string.Join(' ', peer.Received)}.");
            scenario.Check(scenario.Idle == 0, $"There was room, and nobody came for {scenario.Idle} ms.");
            transport.Close();
        },
        delays: 1);

    [Fact]
    public void A_receive_that_waits_ends_when_the_transport_is_closed_and_closing_twice_closes_once() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1);
            var (transport, peer) = loops.Accept();
            var receiver = new Receiver(scenario, transport, 4);
            scenario.Run("receiver", () =>
            {
                receiver.Receive();
                try
                {
                    transport.Begin();
                }
                catch (ObjectDisposedException)
                {
                    // it was closed meanwhile
                }
            });
            scenario.Run("closes", transport.Close);
            scenario.Run("closes too", transport.Close);
            scenario.Run("peer", () => peer.Send(1));
            scenario.WaitUntil("the end", () => receiver.HasEnded && peer.IsClosed);
        },
        delays: 2);

    [Fact]
    public void A_send_that_waits_ends_when_the_transport_is_closed_while_another_thread_receives() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1);
            var (transport, peer) = loops.Accept(room: 0);
            var receiver = new Receiver(scenario, transport, 4);
            var ends = 0;
            receiver.Receive();
            var sending = transport.SendAsync(new byte[] { 1 }).GetAwaiter();
            sending.UnsafeOnCompleted(() => ends++);
            transport.Begin();
            scenario.Run("peer", () => peer.Send(1));
            scenario.Run("closes", transport.Close);
            scenario.WaitUntil("the end of both", () => receiver.HasEnded && ends > 0 && peer.IsClosed);
            scenario.Check(ends == 1, $"The end of the send was told {ends} times.");
        },
        delays: 2);

    [Fact]
    public void A_lost_connection_is_told_once_whenever_one_asks() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 1);
            var (transport, peer) = loops.Accept();
            var told = 0;
            scenario.Run("asks", () =>
            {
                transport.Begin();
                transport.WhenLost(() => told++);
            });
            scenario.Run("peer", peer.Reset);
            scenario.WaitUntil("the loss", () => told > 0);
            scenario.Check(told == 1, $"The loss was told {told} times.");
            transport.Close();
        },
        delays: 2);

    [Fact]
    public void A_late_report_of_a_closed_connection_reaches_no_other() => ExploreDelays(
        static scenario =>
        {
            var loops = new LoopRun(scenario, threads: 2);
            var (first, peer) = loops.Accept();
            first.Begin();
            LoopTransport? second = null;
            Receiver? receiver = null;
            scenario.Run("peer", peer.Reset);
            scenario.Run("closes and accepts", () =>
            {
                first.Close();
                (second, _) = loops.Accept();
                second.Begin();
                // what was the first one's must not be taken for an end of this
                receiver = new Receiver(scenario, second, 4);
                receiver.Receive();
            });
            scenario.WaitForAll();
            scenario.Pause(1);
            scenario.Check(receiver is { HasEnded: false }, "The report of a connection that is closed has reached another one.");
            second!.Close();
        },
        delays: 1);
}
