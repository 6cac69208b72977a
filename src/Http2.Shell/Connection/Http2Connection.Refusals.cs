using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <content>Requests that are answered before a handler is asked, here or by the core.</content>
internal sealed partial class Http2Connection
{
    // Null where nothing is known of what the client wanted to reach, or where that does not matter.
    private readonly OriginCheck? _origins;

    private HeaderField? _toldDate;

    /// <summary>Tells the core the date for what it answers by itself, once a second at most.</summary>
    private void TellDate()
    {
        if (!_host.Options.SendDate)
            return;
        var date = _host.Clock.Date(Core.Now);
        if (ReferenceEquals(date, _toldDate))
            return;
        _toldDate = date;
        Core.SetDate(date);
    }

    /// <summary>What answers a request that no handler is to hear of, or null.</summary>
    private RefusedExchange? RefusalOf(ConnectionEvent.RequestReceived request)
    {
        var head = request.Head;
        var scheme = head.Scheme;
        // RFC 9113 §8.5: only CONNECT has no scheme. Handlers that look at the path alone would answer it with 200, which opens a tunnel.
        if (scheme.IsEmpty)
            return _host.Options.AllowConnect ? null : new RefusedExchange(RefusedExchange.NoTunnels);
        if (_origins is not { } origins || origins.Accepts(scheme, in head))
            return null;
        Log.Misdirected(_host.Logger, Info.Id, request.Id);
        return new RefusedExchange(RefusedExchange.Misdirected);
    }
}
