using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Files that commands write where the user says.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_failure_on_the_way_leaves_the_old_content_and_nothing_else()
    {
        var path = _temp.Write("report.xml", "the old one");
        Assert.Throws<IOException>(() => OutputFile.Write(path, stream =>
        {
            stream.Write("half of"u8);
            stream.Flush();
            throw new IOException("No space left on device");
        }));
        Assert.Equal("the old one", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_temp.FullPath));
    }

    [Fact]
    public void A_reader_finds_the_old_content_until_the_new_is_whole()
    {
        var path = _temp.Write("report.xml", "the old one");
        OutputFile.Write(path, stream =>
        {
            stream.Write("the new one"u8);
            stream.Flush();
            Assert.Equal("the old one", File.ReadAllText(path));
        });
        Assert.Equal("the new one", File.ReadAllText(path));
    }

    [Fact]
    public void A_link_stays_a_link_and_a_file_keeps_its_mode()
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = _temp.Write("real.xml", "the old one");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(path, Mode);
        _temp.Link("link.xml", "real.xml");
        OutputFile.Write(Path.Combine(_temp.FullPath, "link.xml"), stream => stream.Write("new"u8));
        Assert.Equal("real.xml", new FileInfo(Path.Combine(_temp.FullPath, "link.xml")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(Mode, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_device_is_written_to_and_stays_one()
    {
        if (OperatingSystem.IsWindows())
            return;
        OutputFile.Write("/dev/null", stream => stream.Write("new"u8));
        Assert.True(File.Exists("/dev/null"));
        Assert.Throws<IOException>(() => OutputFile.Write("/dev/full", stream => stream.Write(new byte[10_000])));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named_as_the_user_named_it()
    {
        var folder = Path.Combine(_temp.FullPath, "no");
        var refused = Assert.Throws<DirectoryNotFoundException>(() => OutputFile.Write(Path.Combine(folder, "x"), _ => { }));
        Assert.Contains($"'{folder}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_named_by_its_content_takes_no_other_place()
    {
        foreach (var content in new[] { "one", "two", "one" })
            OutputFile.WriteByContent(_temp.FullPath, "finding", ".h2rec", System.Text.Encoding.ASCII.GetBytes(content));
        var files = Directory.GetFiles(_temp.FullPath, "finding-*.h2rec");
        Assert.Equal(["one", "two"], files.Select(File.ReadAllText).Order());
    }

    [Fact]
    public void A_story_is_not_written_over_the_one_that_is_read_nor_over_another_one()
    {
        var story = _temp.Write("in/a.json", """{"cases": [{"seqno": 0, "headers": [{"a": "b"}]}]}""");
        _temp.Write("other/a.json", File.ReadAllText(story));
        var before = File.ReadAllText(story);
        var (folder, other) = (Path.GetDirectoryName(story)!, Path.Combine(_temp.FullPath, "other"));
        var io = new HpackIo { Out = TextWriter.Null, Error = TextWriter.Null, OpenInput = () => Stream.Null };
        var overItself = Assert.Throws<UserErrorException>(
            () => new DeflateRun(new HpackSettings { Paths = [folder], OutputFolder = folder }, io).Run());
        Assert.Contains($"'{story}' would be written over itself", overItself.Message, StringComparison.Ordinal);
        var overAnother = Assert.Throws<UserErrorException>(
            () => new DeflateRun(new HpackSettings { Paths = [folder, other], OutputFolder = Path.Combine(_temp.FullPath, "out") }, io).Run());
        Assert.Contains("would both be written to", overAnother.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(story));
        Assert.False(Directory.Exists(Path.Combine(_temp.FullPath, "out")));
    }
}
