using System.Net.Security;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Sizes, times and names of cipher suites as people write and read them.</summary>
public sealed class UnitsTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("16384", 16384)]
    [InlineData("10K", 10240)]
    [InlineData("2m", 2097152)]
    [InlineData("1G", 1073741824)]
    public void A_size_has_an_optional_unit(string text, long size)
    {
        Assert.True(Units.TryParseSize(text, out var read));
        Assert.Equal(size, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("K")]
    [InlineData("-1")]
    [InlineData("1.5K")]
    [InlineData("1T")]
    [InlineData("9223372036854775807G")]
    public void What_is_no_size_is_not_read(string text) => Assert.False(Units.TryParseSize(text, out _));

    [Theory]
    [InlineData("5", 5000)]
    [InlineData("1.5", 1500)]
    [InlineData("5s", 5000)]
    [InlineData("500ms", 500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void A_time_has_an_optional_unit(string text, int milliseconds)
    {
        Assert.True(Units.TryParseTime(text, out var read));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("5hm")]
    [InlineData("5 d")]
    [InlineData("1e300h")]
    [InlineData("NaN")]
    [InlineData("100000h")]
    public void What_is_no_time_is_not_read(string text) => Assert.False(Units.TryParseTime(text, out _));

    [Theory]
    [InlineData(0, "0.00 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(1_240, "1.24 us")]
    [InlineData(12_400_000, "12.4 ms")]
    [InlineData(61_000_000_000, "61.0 s")]
    public void A_time_is_shown_with_three_digits(double nanoseconds, string text) => Assert.Equal(text, Units.Time(nanoseconds));

    [Theory]
    [InlineData(13, "13 B")]
    [InlineData(1536, "1.50 KiB")]
    [InlineData(3_000_000, "2.86 MiB")]
    public void A_size_is_shown_with_three_digits(double octets, string text) => Assert.Equal(text, Units.Size(octets));

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    [InlineData("TLS_AES_256_GCM_SHA384", TlsCipherSuite.TLS_AES_256_GCM_SHA384)]
    public void A_cipher_suite_has_the_name_of_IANA_or_of_OpenSSL(string name, TlsCipherSuite suite) =>
        Assert.Equal([suite], CipherNames.Parse(name, out _)!);

    [Fact]
    public void A_cipher_suite_that_nobody_knows_is_named()
    {
        Assert.Null(CipherNames.Parse("TLS_AES_128_GCM_SHA256:nonsense", out var unknown));
        Assert.Equal("nonsense", unknown);
    }
}
