using System.Net.WebSockets;
using System.Text;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>What <c>http2 get --ws</c> and <c>--connect</c> do: standard input goes into a tunnel, and what comes out of it to standard output.</summary>
internal static class TunnelRun
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Has a proxy open a tunnel (RFC 9113 §8.5), and copies both ways until the other end has ended its side.</summary>
    /// <exception cref="Http2ConnectException">The tunnel was refused.</exception>
    public static async Task CopyAsync(
        Http2ClientConnection connection, string target, GetOptions options, GetOutput output, CancellationToken cancellation)
    {
        await using var tunnel = await connection.OpenTunnelAsync(target, options.HeaderFields(), cancellation);
        // On another thread, as reading standard input blocks; it is left behind when the tunnel ends first.
        _ = Task.Run(() => SendAsync(tunnel, cancellation), cancellation);
        var buffer = new byte[BufferSize];
        for (int read; (read = await tunnel.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (options.Bodies != BodyUse.Discarded)
                output.Write(buffer.AsSpan(0, read));
            output.Flush();
        }
    }

    /// <summary>Opens a WebSocket (RFC 8441): each line of standard input is sent as a message of text, and each message that comes is written as a line.</summary>
    /// <exception cref="Http2ConnectException">The WebSocket was refused.</exception>
    public static async Task TalkAsync(
        Http2ClientConnection connection, Uri url, GetOptions options, GetOutput output, CancellationToken cancellation)
    {
        var fields = options.HeaderFields().With("sec-websocket-version", "13");
        var tunnel = await connection.OpenProtocolAsync("websocket", url.PathAndQuery, fields, cancellation);
        using var socket = WebSocket.CreateFromStream(tunnel, new WebSocketCreationOptions());
        _ = Task.Run(() => SpeakAsync(socket, cancellation), cancellation);
        try
        {
            while (await ReceiveAsync(socket, cancellation) is { } message)
            {
                output.Write(message.Span);
                output.Write("\n"u8);
                output.Flush();
            }
            if (socket.State == WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        }
        catch (WebSocketException failure)
        {
            throw new Http2ConnectException($"the WebSocket has ended: {failure.Message.TrimEnd('.')}", failure);
        }
        if (socket.CloseStatus is { } status and not WebSocketCloseStatus.NormalClosure)
            throw new Http2ConnectException($"the server closed the WebSocket with {(int)status} {socket.CloseStatusDescription}".TrimEnd());
    }

    private static async Task SendAsync(Http2TunnelStream tunnel, CancellationToken cancellation)
    {
        try
        {
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(tunnel, cancellation);
            tunnel.CompleteWriting();
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The tunnel has ended, which whoever reads it sees.
        }
    }

    private static async Task SpeakAsync(WebSocket socket, CancellationToken cancellation)
    {
        try
        {
            while (await Console.In.ReadLineAsync(cancellation) is { } line)
                await socket.SendAsync(Encoding.UTF8.GetBytes(line), WebSocketMessageType.Text, endOfMessage: true, cancellation);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellation);
        }
        catch (Exception failure) when (failure is IOException or WebSocketException or InvalidOperationException or OperationCanceledException)
        {
            // As above.
        }
    }

    // The next message; null when the server has closed the WebSocket.
    private static async Task<ReadOnlyMemory<byte>?> ReceiveAsync(WebSocket socket, CancellationToken cancellation)
    {
        var message = new MemoryStream();
        var buffer = new byte[BufferSize];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return message.ToArray();
        }
    }
}
