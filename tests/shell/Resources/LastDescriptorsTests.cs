using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

[SupportedOSPlatform("linux")]
public sealed class LastDescriptorsTests
{
    [Theory]
    [InlineData(0, 1024, false)]
    [InlineData(1011, 1024, false)]
    [InlineData(1012, 1024, true)]
    [InlineData(1023, 1024, true)]
    [InlineData(2000, 1024, true)]
    [InlineData(3, 0, true)]
    [InlineData(int.MaxValue, ulong.MaxValue, false)]
    public void A_descriptor_is_among_the_last_when_fewer_than_are_kept_are_left_above_it(int descriptor, ulong limit, bool isLast) =>
        Assert.Equal(isLast, LastDescriptors.IsAmongLast(descriptor, limit));
}
