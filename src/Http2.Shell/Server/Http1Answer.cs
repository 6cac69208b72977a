using System.Text;

namespace Http2.Shell;

/// <summary>The answer to a client that speaks HTTP/1.x on a cleartext port: what to speak instead (RFC 9110 §15.5.22).</summary>
internal static class Http1Answer
{
    private const string DefaultText =
        "This server speaks HTTP/2 only. In cleartext it wants prior knowledge: curl --http2-prior-knowledge, nghttp, h2load. "
        + "Browsers speak HTTP/2 over TLS only: use the https:// address of this server, if it has one.\n";

    public static async Task SendAsync(ITransport transport, Http2ServerOptions options, TimeProvider time)
    {
        var text = options.UpgradeRequiredText ?? DefaultText;
        var body = Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n");
        var head = $"HTTP/1.1 426 Upgrade Required\r\nupgrade: h2c\r\nconnection: Upgrade, close\r\n"
            + $"content-type: text/plain; charset=utf-8\r\ncontent-length: {body.Length}\r\n\r\n";
        await transport.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body]).ConfigureAwait(false);
        await transport.FinishSendingAsync().ConfigureAwait(false);
        await LingerAsync(transport, options, time).ConfigureAwait(false);
    }

    // What the client still sends is read for a moment: closing over it would reset the connection and lose the answer.
    private static async Task LingerAsync(ITransport transport, Http2ServerOptions options, TimeProvider time)
    {
        var scrap = new byte[4096];
        async Task ReadOn()
        {
            while (await transport.ReceiveAsync(scrap).ConfigureAwait(false) > 0)
            {
            }
        }
        var reading = ReadOn();
        try
        {
            await reading.WaitAsync(options.LingerTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Long enough; closing the transport ends the reading.
            _ = reading.ContinueWith(static t => _ = t.Exception, TaskScheduler.Default);
        }
    }
}
