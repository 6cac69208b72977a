using System.Net;

namespace Http2.Shell;

/// <summary>CONNECT under HttpClient, as <c>ClientWebSocket</c> uses it: the content of the response is the tunnel, to be read and written.</summary>
internal static class TunnelMessage
{
    public static async Task<HttpResponseMessage> OpenAsync(
        Http2ClientConnection connection, HttpRequestMessage request, RequestMessage message, CancellationToken cancellation)
    {
        var tunnel = await new Tunnels(connection).OpenAsync(message.ToTunnel, cancellation).ConfigureAwait(false);
        var response = new HttpResponseMessage((HttpStatusCode)tunnel.Exchange.Status) { Version = HttpVersion.Version20, RequestMessage = request };
        response.Content = new TunnelContent(tunnel);
        tunnel.Exchange.AddHeadersTo(response, response.Content);
        return response;
    }

    private sealed class TunnelContent(Http2TunnelStream tunnel) : StreamedContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => tunnel.CopyToAsync(stream);

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => tunnel.CopyTo(stream);

        protected override Stream Open() => tunnel;

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                tunnel.Dispose();
            base.Dispose(disposing);
        }
    }
}
