using System.Net.Sockets;
using System.Runtime.InteropServices;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public class DocumentRootTests : IDisposable
{
    private readonly TemporaryDirectory _temp = new();

    private readonly DocumentRoot _root;

    public DocumentRootTests()
        : this(bounded: true)
    {
    }

    protected DocumentRootTests(bool bounded)
    {
        _temp.Write("outside/secret.txt", "secret");
        _temp.Write("root/index.html", "home");
        _temp.Write("root/a.txt", "12345");
        _temp.Write("root/docs/index.html", "docs");
        _temp.Write("root/empty/other.txt", "x");
        _temp.Write("root/.well-known/x", "x");
        _temp.Write("rootless/x.txt", "secret");
        _root = new DocumentRoot(Path.Combine(_temp.FullPath, "root"), Http2ProcessLimits.Current, TimeProvider.System, bounded);
    }

    public void Dispose()
    {
        _root.Dispose();
        _temp.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_file_is_found_with_its_length() => Assert.Equal(5, Assert.IsType<Located.File>(Find("/a.txt")).Length);

    [Theory]
    [InlineData("/", "index.html")]
    [InlineData("/docs/", "docs/index.html")]
    [InlineData("/.well-known/x", ".well-known/x")]
    public void A_directory_gives_its_index_and_dot_names_are_served(string target, string file) =>
        Assert.Equal(Path.Combine(_root.FullPath, file), Assert.IsType<Located.File>(Find(target)).Path);

    [Fact]
    public void A_directory_without_its_slash_needs_it() => Assert.IsType<Located.NeedsSlash>(Find("/docs"));

    [Fact]
    public void A_question_that_came_before_the_last_look_at_the_file_is_answered_by_it_and_a_later_one_is_not()
    {
        var path = RequestPath.Parse("/a.txt")!;
        var before = TimeProvider.System.GetTimestamp();
        Assert.Equal(5, Assert.IsType<Located.File>(_root.Find(path, before)).Length);
        _temp.Write("root/a.txt", "1234567");
        Assert.Equal(OperatingSystem.IsLinux() ? 5 : 7, Assert.IsType<Located.File>(_root.Find(path, before)).Length);
        Assert.Equal(7, Assert.IsType<Located.File>(_root.Find(path, TimeProvider.System.GetTimestamp())).Length);
    }

    [Theory]
    [InlineData("/absent")]
    [InlineData("/a.txt/")]
    [InlineData("/a.txt/b")]
    [InlineData("/empty/")]
    [InlineData("/absent/index.html")]
    public void What_is_not_there_is_nothing(string target) => Assert.IsType<Located.Nothing>(Find(target));

    [Theory]
    [InlineData("../outside/secret.txt")]
    [InlineData("../rootless/x.txt")]
    [InlineData("/etc/hostname")]
    [InlineData("link")]
    [InlineData("nowhere")]
    public void A_link_that_leads_outside_or_nowhere_is_nothing(string target)
    {
        _temp.Link("root/link", target);
        Assert.IsType<Located.Nothing>(Find("/link"));
    }

    [Fact]
    public void A_directory_link_in_the_middle_that_leads_outside_is_nothing()
    {
        _temp.Link("root/out", "../outside");
        Assert.IsType<Located.Nothing>(Find("/out/secret.txt"));
        Assert.IsType<Located.Nothing>(Find("/out/"));
        Assert.IsType<Located.Nothing>(Find("/out"));
    }

    [Fact]
    public void A_link_through_an_inner_link_that_leads_outside_is_nothing()
    {
        _temp.Link("root/first", "second/secret.txt");
        _temp.Link("root/second", Path.Combine(_temp.FullPath, "outside"));
        Assert.IsType<Located.Nothing>(Find("/first"));
    }

    [Fact]
    public void An_index_that_is_a_link_outside_is_nothing()
    {
        _temp.MakeDirectory("root/trap");
        _temp.Link("root/trap/index.html", "../../outside/secret.txt");
        Assert.IsType<Located.Nothing>(Find("/trap/"));
    }

    [Fact]
    public void Links_that_stay_inside_are_followed()
    {
        _temp.Link("root/alias", "docs");
        _temp.Link("root/absolute.txt", Path.Combine(_temp.FullPath, "root", "a.txt"));
        Assert.Equal(Path.Combine(_root.FullPath, "docs/index.html"), Assert.IsType<Located.File>(Find("/alias/")).Path);
        Assert.Equal(Path.Combine(_root.FullPath, "a.txt"), Assert.IsType<Located.File>(Find("/absolute.txt")).Path);
        Assert.IsType<Located.NeedsSlash>(Find("/alias"));
    }

    [Fact]
    public void Absolute_and_relative_links_may_be_mixed_on_the_way()
    {
        _temp.Link("root/up", "docs/../a.txt");
        _temp.Link("root/empty/back", "../docs");
        _temp.Link("root/far", Path.Combine(_temp.FullPath, "root", "empty", "back"));
        Assert.Equal(Path.Combine(_root.FullPath, "a.txt"), Assert.IsType<Located.File>(Find("/up")).Path);
        Assert.Equal(Path.Combine(_root.FullPath, "docs/index.html"), Assert.IsType<Located.File>(Find("/far/")).Path);
        _temp.Link("root/out-and-in", Path.Combine(_temp.FullPath, "outside", "in"));
        _temp.Link("outside/in", "../root/a.txt");
        Assert.Equal(Path.Combine(_root.FullPath, "a.txt"), Assert.IsType<Located.File>(Find("/out-and-in")).Path);
    }

    [Fact]
    public void A_loop_of_links_is_nothing()
    {
        _temp.Link("root/ping", "pong");
        _temp.Link("root/pong", "ping");
        Assert.IsType<Located.Nothing>(Find("/ping"));
    }

    [Fact]
    public void A_linked_file_is_found_as_what_its_link_stands_for_now()
    {
        _temp.Link("root/current", "a.txt");
        Assert.Equal(5, Assert.IsType<Located.File>(Find("/current")).Length);
        File.Delete(Path.Combine(_root.FullPath, "current"));
        _temp.Link("root/current", "docs/index.html");
        Assert.Equal(4, Assert.IsType<Located.File>(Find("/current")).Length);
        File.Delete(Path.Combine(_root.FullPath, "current"));
        _temp.Link("root/current", "../outside/secret.txt");
        Assert.IsType<Located.Nothing>(Find("/current"));
    }

    [Theory]
    [InlineData("pipe")]
    [InlineData("to-pipe")]
    [InlineData("socket")]
    [InlineData("to-null")]
    public void What_is_no_regular_file_is_nothing_and_holds_nobody_up(string name)
    {
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(0, mkfifo(Path.Combine(_root.FullPath, "pipe"), 0x1b6));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_root.FullPath, "socket")));
        _temp.Link("root/to-pipe", "pipe");
        _temp.Link("root/to-null", "/dev/null");
        Assert.IsType<Located.Nothing>(Find("/" + name));
        Assert.Equal(0, _root.OpenFiles);
    }

    [Fact]
    public void A_root_that_is_itself_a_link_is_served()
    {
        _temp.Link("www", "root");
        var root = new DocumentRoot(Path.Combine(_temp.FullPath, "www"));
        Assert.IsType<Located.File>(root.Find(RequestPath.Parse("/a.txt")!));
        Assert.Equal(_root.FullPath, root.FullPath);
    }

    [Fact]
    public void A_root_that_is_absent_or_a_file_is_an_error_that_names_it()
    {
        Assert.Contains("no-such", Assert.Throws<UserErrorException>(() => new DocumentRoot("no-such")).Message, StringComparison.Ordinal);
        var file = Path.Combine(_temp.FullPath, "root", "a.txt");
        Assert.Contains("is a file", Assert.Throws<UserErrorException>(() => new DocumentRoot(file)).Message, StringComparison.Ordinal);
        Assert.Throws<UserErrorException>(() => new DocumentRoot(""));
    }

    private Located Find(string target) => _root.Find(RequestPath.Parse(target)!);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkfifo(string path, uint mode);
}

/// <summary>The same where the kernel cannot bound a path: Linux before 5.6, or a sandbox that forbids it.</summary>
public sealed class DocumentRootOfAnOldKernelTests() : DocumentRootTests(bounded: false);
