using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// What a connection tells the user's tap. A tap that throws is told nothing more of this connection but its end, and costs it
/// nothing. Belongs to the connection's owner.
/// </summary>
internal sealed class ConnectionTap
{
    private readonly Http2FrameTap _tap;
    private readonly Http2ConnectionInfo _info;
    private readonly Action<Exception> _onFailure;
    private bool _failed;

    /// <param name="tap">The user's tap.</param>
    /// <param name="info">Which connection it is told of.</param>
    /// <param name="onFailure">Is told what the tap throws first.</param>
    public ConnectionTap(Http2FrameTap tap, Http2ConnectionInfo info, Action<Exception> onFailure)
    {
        (_tap, _info, _onFailure) = (tap, info, onFailure);
        Tell(() => _tap.Opened(_info));
        Tell(() => TakesInputs = _tap.TakesInputs);
    }

    /// <summary>Whether it is told what goes into the core.</summary>
    public bool TakesInputs { get; private set; }

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
        _onFailure(failure);
    }
}
