using Http2.Pure;
using Microsoft.Extensions.Logging;

namespace Http2.Shell;

/// <summary>
/// What a connection tells the user's tap. A tap that throws is told nothing more of this connection but its end, and costs it nothing; the
/// first failure of a server is an error in the log, later ones only show when everything is logged. Belongs to the connection's owner.
/// </summary>
internal sealed class ConnectionTap
{
    private readonly Http2FrameTap _tap;
    private readonly Http2ConnectionInfo _info;
    private readonly EngineHost _host;
    private bool _failed;

    private ConnectionTap(EngineHost host, Http2ConnectionInfo info)
    {
        (_host, _info, _tap) = (host, info, host.Limits.FrameTap!);
        Tell(() => _tap.Opened(_info));
        Tell(() => TakesInputs = _tap.TakesInputs);
    }

    /// <summary>Whether it is told what goes into the core.</summary>
    public bool TakesInputs { get; private set; }

    /// <summary>Begins to tell the tap of a connection, when there is one.</summary>
    public static ConnectionTap? Open(EngineHost host, Http2ConnectionInfo info) =>
        host.Limits.FrameTap is null ? null : new ConnectionTap(host, info);

    public void Started(Role role, ConnectionOptions options, long now)
    {
        if (TakesInputs)
            Tell(() => _tap.Started(_info, role, options, now));
    }

    public void Received(ReadOnlySpan<byte> octets)
    {
        if (_failed)
            return;
        try
        {
            _tap.Received(_info, octets);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    public void Sent(ReadOnlySpan<byte> octets)
    {
        if (_failed)
            return;
        try
        {
            _tap.Sent(_info, octets);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    public void Input(Input input) => Tell(() => _tap.Input(_info, input));

    /// <summary>Told whatever happened before, so that the tap can free what it holds.</summary>
    public void Closed()
    {
        try
        {
            _tap.Closed(_info);
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void Tell(Action told)
    {
        if (_failed)
            return;
        try
        {
            told();
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private void Fail(Exception failure)
    {
        _failed = true;
        TakesInputs = false;
        Log.TapFailed(_host.Logger, _host.NoteTapFailure() ? LogLevel.Error : LogLevel.Debug, _info.Id, failure);
    }
}
