using System.Net.Security;
using System.Security.Authentication;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Records of TLS that bring no application data, told by what they promise and what came.</summary>
public sealed class TlsRecordMeterTests
{
    private const int KeyUpdate = 5 + 17;
    private readonly TlsRecordMeter _meter = new();

    public TlsRecordMeterTests()
    {
        // of the handshake, whose records are nobody's business here
        _meter.See(Record(300));
        _meter.See(Record(74));
        _meter.Start(new RateLimit(10, 2), SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256, 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void So_many_as_the_limit_has_are_borne_however_they_are_cut(int part)
    {
        for (var i = 0; i < 10; i++)
        {
            Pass(Record(KeyUpdate), part);
            Assert.True(_meter.Judge(0));
        }
        Pass(Record(KeyUpdate), part);
        Assert.False(_meter.Judge(0));
    }

    [Fact]
    public void Time_earns_more()
    {
        Pass(Records(10, KeyUpdate), 1000);
        Assert.True(_meter.Judge(0));
        Pass(Records(2, KeyUpdate), 1000);
        Assert.False(_meter.Judge(999));
        Pass(Records(2, KeyUpdate), 1000);
        Assert.True(_meter.Judge(1000));
    }

    [Theory]
    [InlineData(17)] // empty
    [InlineData(18 + 16)] // padded, and nothing in it
    [InlineData(0)] // less than a record can have
    [InlineData(16 * 1024)]
    public void Empty_records_are_told_whatever_their_length(int length)
    {
        Pass(Records(11, length), 1000);
        Assert.False(_meter.Judge(0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(9, 1000)]
    [InlineData(16 * 1024, 100)]
    public void Records_with_data_cost_nothing_however_small_they_are(int data, int count)
    {
        for (var i = 0; i < 100; i++)
        {
            Pass(Records(count, data + 17), 5000);
            _meter.Bring(data * count);
            Assert.True(_meter.Judge(0));
        }
    }

    [Fact]
    public void Data_do_not_pay_for_records_without()
    {
        Pass(Record(16 * 1024 + 17), 1000);
        Pass(Records(11, KeyUpdate), 1000);
        _meter.Bring(16 * 1024);
        Assert.False(_meter.Judge(0));
    }

    [Fact]
    public void Padded_records_that_come_one_by_one_cost_nothing()
    {
        for (var i = 0; i < 100; i++)
        {
            Pass(Record(512 + 17), 1000);
            _meter.Bring(20);
            Assert.True(_meter.Judge(0));
        }
    }

    [Fact]
    public void A_record_is_judged_once_it_is_whole()
    {
        for (var i = 0; i < 11; i++)
        {
            var record = Record(40);
            _meter.See(record.AsSpan(0, 30));
            Assert.True(_meter.Judge(0));
            _meter.See(record.AsSpan(30));
            _meter.Bring(23);
            Assert.True(_meter.Judge(0));
        }
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, 24)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, 16)]
    public void What_TLS_1_2_adds_to_data_is_no_promise(TlsCipherSuite suite, int overhead)
    {
        _meter.Start(new RateLimit(10, 0), SslProtocols.Tls12, suite, 0);
        for (var i = 0; i < 100; i++)
        {
            Pass(Records(10, 13 + overhead), 1000);
            _meter.Bring(130);
            Assert.True(_meter.Judge(0));
        }
        Pass(Records(11, overhead), 1000);
        Assert.False(_meter.Judge(0));
    }

    private static byte[] Record(int length) => [23, 3, 3, (byte)(length >> 8), (byte)length, .. new byte[length]];

    private static byte[] Records(int count, int length) => [.. Enumerable.Range(0, count).SelectMany(_ => Record(length))];

    private void Pass(byte[] octets, int part)
    {
        foreach (var chunk in octets.Chunk(part))
            _meter.See(chunk);
    }
}
