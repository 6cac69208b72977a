namespace Http2.Shell;

/// <summary>
/// Takes a connection from HTTP/1.1 to HTTP/2 (RFC 7540 §3.2): reads the rest of the request, answers 101, and reads the client's preface. The
/// caller watches how long that takes.
/// </summary>
/// <param name="transport">The connection.</param>
/// <param name="host">The server.</param>
internal sealed class Upgrading(ITransport transport, ServerHost host)
{
    /// <summary>The most octets of a head: a request that is longer is none that a browser or a tool sends to ask for an upgrade.</summary>
    public const int MostHead = 16 * 1024;

    private byte[] _octets = [];
    private int _length;

    /// <summary>How many octets of content a request that is upgraded may have: all of it must fit into the window of its stream.</summary>
    private int MostContent => Math.Min(host.Options.MaxUpgradeContent, host.Options.Connection.InitialStreamWindow);

    private ReadOnlySpan<byte> Read => _octets.AsSpan(0, _length);

    /// <summary>Goes as far as the client's first frames.</summary>
    /// <param name="alreadyRead">What was read before: the beginning of a request of HTTP/1.x.</param>
    /// <returns>What the connection takes as input and how many octets of content that has, or the answer that ends the connection instead.</returns>
    public async ValueTask<(ReadOnlyMemory<byte> Input, int Content, Http1Answer? Answer)> RunAsync(ReadOnlyMemory<byte> alreadyRead)
    {
        _octets = alreadyRead.ToArray();
        _length = _octets.Length;
        var (verdict, head) = await JudgeAsync().ConfigureAwait(false);
        if (verdict.Request is not { } request)
            return (default, 0, verdict.Answer ?? Http1Answer.UpgradeRequired(host.Options.UpgradeRequiredText));
        if (request.ExpectsContinue && _length < head + request.ContentLength)
            await transport.SendAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        if (!await FillAsync(head + request.ContentLength).ConfigureAwait(false))
            return (default, 0, Http1Answer.BadRequest);
        await transport.SendAsync("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: h2c\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
        var begin = head + request.ContentLength;
        int? end;
        while ((end = UpgradedInput.EndOfFirstSettings(Read[begin..])) is null)
        {
            if (!await FillAsync(_length + 1).ConfigureAwait(false))
                break;
        }
        return (UpgradedInput.Join(request, Read[head..begin], Read[begin..], end ?? 0), request.ContentLength, null);
    }

    // The octets of the head, the empty line included.
    private async ValueTask<(UpgradeVerdict Verdict, int Head)> JudgeAsync()
    {
        var looked = 0;
        while (true)
        {
            if (EndOfHead(looked) is { } end)
                return (UpgradeRules.Judge(Read[..end], MostContent), end);
            looked = Math.Max(0, _length - 3);
            if (IsOlder())
                return (UpgradeVerdict.NotAsked, 0);
            if (_length >= MostHead)
                return (Http1Answer.HeadTooLarge, 0);
            if (!await FillAsync(_length + 1).ConfigureAwait(false))
                return (UpgradeVerdict.NotAsked, 0);
        }
    }

    private int? EndOfHead(int from)
    {
        var at = Read[from..].IndexOf("\r\n\r\n"u8);
        return at < 0 ? null : from + at + 4;
    }

    // HTTP/1.0 has no Upgrade, so the rest of the request is not waited for.
    private bool IsOlder() => Read[..Read.IndexOf((byte)'\n')].TrimEnd((byte)'\r').EndsWith(" HTTP/1.0"u8);

    private async ValueTask<bool> FillAsync(int wanted)
    {
        while (_length < wanted)
        {
            if (_length == _octets.Length)
                Array.Resize(ref _octets, Math.Max(1024, Math.Max(wanted, 2 * _length)));
            var read = await transport.ReceiveAsync(_octets.AsMemory(_length)).ConfigureAwait(false);
            if (read == 0)
                return false;
            _length += read;
        }
        return true;
    }
}
