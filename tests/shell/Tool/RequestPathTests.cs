using FsCheck.Xunit;
using Http2.TestSupport;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/", "", true)]
    [InlineData("/a", "a", false)]
    [InlineData("/a/", "a", true)]
    [InlineData("/a/b.txt", "a|b.txt", false)]
    [InlineData("//a///b", "a|b", false)]
    [InlineData("/a/./b", "a|b", false)]
    [InlineData("/a/.", "a", true)]
    [InlineData("/a%20b", "a b", false)]
    [InlineData("/%C3%A9t%c3%A9.txt", "été.txt", false)]
    [InlineData("/a?x=/../..", "a", false)]
    [InlineData("/a#/../..", "a", false)]
    [InlineData("/.hidden", ".hidden", false)]
    [InlineData("/...", "...", false)]
    [InlineData("/100%25", "100%", false)]
    [InlineData("/%2525", "%25", false)]
    public void A_path_is_decoded_name_by_name(string target, string names, bool slash)
    {
        var path = RequestPath.Parse(target);
        Assert.NotNull(path);
        Assert.Equal(names.Length == 0 ? [] : names.Split('|'), path.Segments);
        Assert.Equal(slash, path.EndsWithSlash);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a")]
    [InlineData("?x")]
    [InlineData("/..")]
    [InlineData("/../etc/passwd")]
    [InlineData("/a/../b")]
    [InlineData("/%2e%2e/x")]
    [InlineData("/.%2E/x")]
    [InlineData("/a%2Fb")]
    [InlineData("/..%2f..%2fetc")]
    [InlineData("/a\\b")]
    [InlineData("/..%5c..")]
    [InlineData("/a%00.html")]
    [InlineData("/a%0ab")]
    [InlineData("/a%7f")]
    [InlineData("/%")]
    [InlineData("/%2")]
    [InlineData("/%zz")]
    [InlineData("/%ff")]
    [InlineData("/%c0%ae%c0%ae/x")]
    [InlineData("/%ed%a0%80")]
    public void A_path_that_no_file_can_be_meant_by_is_refused(string target) => Assert.Null(RequestPath.Parse(target));

    [Property(MaxTest = 1000)]
    public bool Whatever_comes_no_name_steps_out(string? text) => IsSafe(RequestPath.Parse("/" + text));

    [Property(MaxTest = 1000)]
    public bool Whatever_octets_come_escaped_no_name_steps_out(AnyOctets octets)
    {
        var path = RequestPath.Parse("/" + string.Concat(octets.Array.Select(octet => $"%{octet:x2}")));
        return IsSafe(path);
    }

    [Property(MaxTest = 500)]
    public bool A_name_escaped_by_a_client_comes_back(FsCheck.NonEmptyString text)
    {
        var name = new string([.. text.Get.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('/' or '\\'))]);
        return name is "" or "." or ".." || RequestPath.Parse("/" + Uri.EscapeDataString(name)) is { Segments: [var only] } && only == name;
    }

    private static bool IsSafe(RequestPath? path) =>
        path is null || path.Segments.All(name => name is not ("" or "." or "..") && !name.Any(c => c is '/' or '\\' or < ' '));
}
