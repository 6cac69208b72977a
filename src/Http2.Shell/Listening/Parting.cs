namespace Http2.Shell;

/// <summary>Ends a connection that was never one of HTTP/2, so that what was said last arrives.</summary>
internal static class Parting
{
    /// <summary>
    /// Ends sending and reads on until the client ends too, or for a moment: closing over octets that were not read would reset the
    /// connection, and lose what was said.
    /// </summary>
    /// <param name="transport">The transport; the caller closes it.</param>
    /// <param name="options">How long.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task TakeAsync(ITransport transport, Http2ServerOptions options, CancellationToken cancellation)
    {
        await transport.FinishSendingAsync().ConfigureAwait(false);
        var reading = ReadOnAsync(transport, cancellation);
        try
        {
            await reading.WaitAsync(options.LingerTimeout, options.TimeProvider, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Long enough; closing the transport ends the reading.
            _ = reading.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>Reads on until the client ends, since closing over what it still sends would reset the connection.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="cancellation">Ends the reading at the next octets that come.</param>
    public static async Task ReadOnAsync(ITransport transport, CancellationToken cancellation)
    {
        var scrap = new byte[4096];
        while (await transport.ReceiveAsync(scrap).ConfigureAwait(false) > 0)
            cancellation.ThrowIfCancellationRequested();
    }
}
