using System.IO.Pipelines;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Opens tunnels: CONNECT (RFC 9113 §8.5) and extended CONNECT (RFC 8441). Any thread.</summary>
/// <param name="connection">The connection that they go through.</param>
internal readonly struct Tunnels(Http2ClientConnection connection)
{
    /// <summary>Opens one, whose place on the connection was taken; it is given up when the request is not sent.</summary>
    /// <exception cref="Http2ConnectException">The server has refused it.</exception>
    public async Task<Http2TunnelStream> OpenAsync(Func<ResponseBody, Http2ClientRequest> request, CancellationToken cancellation)
    {
        var (client, pipe) = (connection, new Pipe(new PipeOptions(useSynchronizationContext: false)));
        Http2ClientRequest asked;
        try
        {
            asked = request(ResponseBody.From(pipe.Reader));
            if (asked.Protocol is not null || asked.Prepared is { IsDefault: false })
                await JudgeProtocolAsync(client, cancellation).ConfigureAwait(false);
        }
        catch
        {
            client.Role.Queue.LeavePlace();
            throw;
        }
        var exchange = client.SendInPlace(asked, cancellation);
        var head = await exchange.Response.ConfigureAwait(false);
        if (head.Status is >= 200 and < 300)
        {
            exchange.ForgetCancellation();
            return new Http2TunnelStream(exchange, pipe.Writer);
        }
        exchange.Reset(ErrorCode.Cancel);
        throw new Http2ConnectException($"the server refused the tunnel ({asked.Authority ?? asked.Target}) with status {head.Status}");
    }

    // RFC 8441 §3: not before the server has said that it takes them.
    private static async Task JudgeProtocolAsync(Http2ClientConnection client, CancellationToken cancellation)
    {
        await client.Role.Settled.Task.WaitAsync(cancellation).ConfigureAwait(false);
        foreach (var setting in client.Info.PeerSettings)
        {
            if (setting is { Id: SettingId.EnableConnectProtocol, Value: 1 })
                return;
        }
        throw new Http2ConnectException("the server takes no extended CONNECT (SETTINGS_ENABLE_CONNECT_PROTOCOL is not 1, RFC 8441 §3)");
    }
}
