namespace Http2.Shell;

/// <summary>
/// A reliable, ordered carrier of octets both ways. One receive and one send may be in flight at a time, and they complete on whatever
/// thread the carrier likes.
/// </summary>
internal interface ITransport
{
    /// <summary>
    /// Receives at least one octet, or answers 0 when the peer will send no more. With an empty buffer, where <see cref="TellsReadiness"/> says
    /// that this may be asked, answers 0 once a receive is worth trying, and receives nothing.
    /// </summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Whether it can be waited for octets without a buffer to receive them into.</summary>
    bool TellsReadiness => false;

    /// <summary>Sends all <paramref name="octets"/>; they must not change until it has completed.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> octets);

    /// <summary>Tells the peer that nothing more will be sent; receiving goes on.</summary>
    ValueTask FinishSendingAsync();

    /// <summary>Octets that the carrier has taken to send since its beginning. Any thread.</summary>
    long Taken { get; }

    /// <summary>What is known of the octets on their way, as of now. Any thread.</summary>
    TransportReport Report() => new(Taken);

    /// <summary>
    /// Has <paramref name="lost"/> called, once and on any thread, when the peer is found to be gone although nothing is being received or sent.
    /// A carrier that cannot find out never calls it.
    /// </summary>
    void WhenLost(Action lost)
    {
    }

    /// <summary>
    /// Ends both directions at once and frees everything; what is in flight fails. May be called more than once, on any thread.
    /// </summary>
    void Close();
}
