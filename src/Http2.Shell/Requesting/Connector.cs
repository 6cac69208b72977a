using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace Http2.Shell;

/// <summary>From an address to a connection: the name, the socket, TLS with ALPN. Thread-safe.</summary>
/// <param name="host">What connections share.</param>
internal sealed class Connector(ClientHost host)
{
    /// <summary>Connects to an origin.</summary>
    /// <exception cref="Http2ConnectException">It could not be connected to.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<Http2ClientConnection> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        Judge(address);
        using var late = new CancellationTokenSource(host.Options.ConnectTimeout, host.Engine.Time);
        await using var cancelled = cancellation.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), late).ConfigureAwait(false);
        try
        {
            return await ConnectInTimeAsync(address, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (OperationCanceledException failure)
        {
            throw Failed(address, $"it took longer than {host.Options.ConnectTimeout} ({nameof(Http2ClientOptions.ConnectTimeout)})", failure);
        }
        catch (Exception failure) when (failure is SocketException or IOException and not Http2ConnectException)
        {
            throw Failed(address, failure.Message, failure);
        }
    }

    private static void Judge(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"'{address}' is not an address that begins with http:// or https://.", nameof(address));
    }

    private async Task<Http2ClientConnection> ConnectInTimeAsync(Uri address, CancellationToken cancellation)
    {
        var carrier = await OpenAsync(address, cancellation).ConfigureAwait(false);
        if (address.Scheme == Uri.UriSchemeHttps)
            return await ClientTls.OpenAsync(host, address, carrier, cancellation).ConfigureAwait(false);
        var info = new Http2ConnectionInfo(host.Engine.NextConnectionId(), carrier.Local, carrier.Remote);
        return Http2ClientConnection.Begin(host, carrier.Transport, info, Origin.Of(address));
    }

    private async Task<Carrier> OpenAsync(Uri address, CancellationToken cancellation)
    {
        if (host.Options.UnixSocketPath is { } path)
            return await OpenAsync(new UnixDomainSocketEndPoint(path), cancellation).ConfigureAwait(false);
        var (name, port) = host.Options.ConnectTo is { } to ? (to.Host, to.Port) : (address.IdnHost.Trim('[', ']'), address.Port);
        var addresses = IPAddress.TryParse(name, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(name, cancellation).ConfigureAwait(false);
        var race = new AddressRace<Carrier>(
            (one, giveUp) => OpenAsync(new IPEndPoint(one, port), giveUp).AsTask(), static late => late.Transport.Close(), host.Engine.Time);
        return await race.RunAsync(addresses, cancellation).ConfigureAwait(false);
    }

    private ValueTask<Carrier> OpenAsync(EndPoint to, CancellationToken cancellation) =>
        OperatingSystem.IsLinux() && host.Loops is { } loops ? OpenOnLoopsAsync(to, loops, cancellation) : OpenOnPoolAsync(to, cancellation);

    [SupportedOSPlatform("linux")]
    private static async ValueTask<Carrier> OpenOnLoopsAsync(EndPoint to, EventLoops loops, CancellationToken cancellation)
    {
        var socket = NativeSocket.Connect(to);
        var transport = new LoopTransport(socket, loops, isConnecting: true);
        try
        {
            transport.Begin();
            // What waits for it goes on where it completes, which must not be kept busy by whoever called.
            await using (cancellation.UnsafeRegister(static t => ((LoopTransport)t!).Close(), transport).ConfigureAwait(false))
                await transport.ConnectAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return new Carrier(transport, socket.LocalEndPoint(to), to);
        }
        catch (Exception failure)
        {
            transport.Close();
            cancellation.ThrowIfCancellationRequested();
            throw failure as IOException ?? new IOException(failure.Message, failure);
        }
    }

    private async ValueTask<Carrier> OpenOnPoolAsync(EndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, to is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (to is IPEndPoint)
                socket.NoDelay = true;
            await socket.ConnectAsync(to, cancellation).ConfigureAwait(false);
            var local = socket.LocalEndPoint;
            return new Carrier(new SocketTransport(socket, host.Engine.Time), local, to);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal static Http2ConnectException Failed(Uri address, string why, Exception? failure = null) =>
        new($"cannot connect to {address.Scheme}://{address.Authority}: {why.TrimEnd('.')}", failure);
}

/// <summary>A transport that is connected, and its addresses.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="Local">The address of this end, or null.</param>
/// <param name="Remote">The address of the server, or null.</param>
internal sealed record Carrier(ITransport Transport, EndPoint? Local, EndPoint? Remote);
