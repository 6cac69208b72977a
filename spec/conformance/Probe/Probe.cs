using System.Net.Sockets;
using System.Security.Authentication;

namespace Http2.Conformance;

/// <summary>
/// The client that a case speaks through. What it can send stands in <see cref="Sending"/>, what it can expect of a server alone in
/// <see cref="H2specExpectations"/>. Not thread-safe.
/// </summary>
internal sealed class Probe(RunContext context, CancellationToken cancellation) : Speaker(context.Options, cancellation)
{
    /// <summary>What the cases of the run share.</summary>
    public RunContext Context => context;

    public ConformanceTarget Target => context.Target;

    public string LocalAddress => IsConnected ? Connection.LocalAddress : "";

    /// <summary>The path of a resource that the case cannot do without.</summary>
    public static string Need(string? path, string what) =>
        path ?? throw Skip($"the target has no {what}; name one with --resource {what}=PATH, or use --profile demo");

    /// <summary>A second client of the same target, on a connection of its own.</summary>
    public Probe Another() => new(context, Cancellation) { Timeout = Timeout };

    /// <summary>A client of another server, on a connection of its own.</summary>
    public Probe Of(ConformanceTarget target) => new(new RunContext(target, Options), Cancellation) { Timeout = Timeout };

    /// <summary>Connects, unless it is connected.</summary>
    /// <param name="offer">A TLS handshake that is not the ordinary one; the caller judges how it fails.</param>
    /// <param name="plain">Whether to leave TLS out.</param>
    /// <param name="receiveBuffer">The size of the socket's receive buffer in octets; null for the system's own.</param>
    public async Task Connect(TlsOffer? offer = null, bool plain = false, int? receiveBuffer = null)
    {
        if (IsConnected)
            return;
        try
        {
            Attach(await RawConnection.ConnectAsync(Target, Timeout, Cancellation, offer, plain, receiveBuffer).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            throw Fail("a connection", $"no connection within {Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception exception) when (offer is null && exception is SocketException or AuthenticationException or IOException)
        {
            throw Fail("a connection", exception.InnerException?.Message ?? exception.Message);
        }
    }

    /// <inheritdoc/>
    protected override Task Open() => Connect();
}
