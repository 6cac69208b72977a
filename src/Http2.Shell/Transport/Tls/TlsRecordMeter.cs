using System.Net.Security;
using System.Security.Authentication;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Counts the records of TLS that a client sends, beside <see cref="SslStream"/>, which takes those without application data in silence:
/// empty ones, KeyUpdate (RFC 8446 §4.6.3), refused renegotiation. Each costs as much as one with data, and a client may send them for
/// ever. The length of a record is not encrypted (RFC 8446 §5.2), so it is known how much data records could have brought, and how much they did.
/// Called by whoever reads; one at a time.
/// </summary>
internal sealed class TlsRecordMeter
{
    private const int HeaderSize = 5;

    // What a record without data is taken to promise: as much as a KeyUpdate has.
    private const int Least = 5;

    // RFC 8446 §5.1: a record holds at most so much.
    private const int Most = 16 * 1024;

    private RateBudget _budget;
    private int _overhead;
    private bool _started;

    // Of the record that is passing: how much of its header came, its length as far as it is known, and how much of it is still to come.
    private int _header, _length, _left;

    // Of the records that passed since the last judgement.
    private int _records;
    private long _promised;
    private long _brought;

    /// <summary>The handshake is over: from here on records are to bring data.</summary>
    /// <param name="limit">How many records need not bring data.</param>
    /// <param name="protocol">The version that was agreed on.</param>
    /// <param name="suite">The suite that was agreed on.</param>
    /// <param name="now">The time, in milliseconds.</param>
    public void Start(RateLimit limit, SslProtocols protocol, TlsCipherSuite suite, long now)
    {
        _budget = RateBudget.Full(limit, now);
        _overhead = OverheadOf(protocol, suite);
        (_started, _records, _promised, _brought) = (true, 0, 0, 0);
    }

    /// <summary>Octets came from the client, cut anywhere; they may hold many records.</summary>
    public void See(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            if (_left > 0)
            {
                var part = Math.Min(_left, octets.Length);
                _left -= part;
                octets = octets[part..];
                if (_left == 0)
                    Count();
                continue;
            }
            // RFC 8446 §5.1: type, version (2), length (2)
            _length = (_length << 8 | octets[0]) & 0xffff;
            octets = octets[1..];
            if (++_header < HeaderSize)
                continue;
            (_header, _left) = (0, _length);
            if (_left == 0)
                Count();
        }
    }

    /// <summary>Application data were decrypted.</summary>
    public void Bring(int octets) => _brought += octets;

    /// <summary>
    /// Judges the records that passed since the last time. To be called when all of them were decrypted and what they brought was told.
    /// </summary>
    /// <param name="now">The time, in milliseconds.</param>
    /// <returns>Whether the client may go on.</returns>
    public bool Judge(long now)
    {
        var without = WithoutData();
        (_records, _promised, _brought) = (0, 0, 0);
        return !_started || without == 0 || _budget.TrySpend(now, without, out _budget);
    }

    // Records may be padded (RFC 8446 §5.4), so that they bring less than they promise: never more of them are counted than cannot have
    // been the ones that brought what came.
    private int WithoutData()
    {
        var missing = _promised - _brought;
        if (missing <= 0)
            return 0;
        var bringers = (_brought + Most - 1) / Most;
        return (int)Math.Max(Math.Min((missing + Least - 1) / Least, _records - bringers), 0);
    }

    private void Count()
    {
        _records++;
        var promised = _length - _overhead;
        _promised += promised > 0 ? promised : Least;
    }

    // TLS 1.3 adds the record's true type and a tag of 16 octets; TLS 1.2 a tag and, but for ChaCha20, a nonce (RFC 5288 §3, RFC 7905 §2).
    private static int OverheadOf(SslProtocols protocol, TlsCipherSuite suite) =>
        protocol == SslProtocols.Tls13 ? 17
        : $"{suite}".Contains("CHACHA20", StringComparison.Ordinal) ? 16
        : 24;
}
