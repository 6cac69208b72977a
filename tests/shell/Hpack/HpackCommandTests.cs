using System.CommandLine;
using System.Text;
using System.Text.Json;
using Http2.TestSupport;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>The command line of <c>http2 hpack</c>.</summary>
public sealed class HpackCommandTests : IDisposable
{
    private const string Sound = """{"cases":[{"seqno":0,"wire":"82864188f439ce75c875fa5784","headers":[{":method":"GET"},"""
        + """{":scheme":"http"},{":authority":"yahoo.co.jp"},{":path":"/"}]},"""
        + """{"seqno":1,"wire":"be","headers":[{":authority":"yahoo.co.jp"}]}]}""";

    private readonly TemporaryDirectory _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    /// <summary>A story is inflated to JSON with the fields that nghttp2's inflatehd writes.</summary>
    [Fact]
    public void Inflate_writes_the_headers_and_the_table()
    {
        var (code, output, error) = Run("inflate", "--dump-table", _folder.Write("a.json", Sound));
        Assert.Equal((0, ""), (code, error));
        var cases = JsonDocument.Parse(output).RootElement.GetProperty("cases");
        Assert.Equal(2, cases.GetArrayLength());
        Assert.Equal("82864188f439ce75c875fa5784", cases[0].GetProperty("wire").GetString());
        Assert.Equal("GET", cases[0].GetProperty("headers")[0].GetProperty(":method").GetString());
        Assert.Equal(1, cases[1].GetProperty("seqno").GetInt32());
        var table = cases[1].GetProperty("header_table");
        Assert.Equal((53, 4096), (table.GetProperty("size").GetInt32(), table.GetProperty("max_size").GetInt32()));
        var entry = table.GetProperty("entries")[0];
        Assert.Equal(
            (62, ":authority", "yahoo.co.jp", 53),
            (entry.GetProperty("index").GetInt32(), entry.GetProperty("name").GetString(), entry.GetProperty("value").GetString(),
                entry.GetProperty("size").GetInt32()));
    }

    /// <summary>What deflate writes, inflate reads, and the other way round, until nothing changes any more.</summary>
    [Theory]
    [InlineData]
    [InlineData("--draft08")]
    [InlineData("--draft08", "--no-refset", "--table-size", "200")]
    [InlineData("--table-size", "300", "--deflate-table-size", "100")]
    [InlineData("--change-table-size")]
    public void Deflate_and_inflate_read_each_others_stories(params string[] options)
    {
        var raw = _folder.Write("raw.json", Sound);
        var (code, deflated, error) = Run(["deflate", .. options, raw]);
        Assert.Equal(0, code);
        Assert.StartsWith("Overall: input=69 output=", error);
        var (check, summary, _) = Run("inflate", "--check", _folder.Write("deflated.json", deflated));
        Assert.Equal((0, "1 of 1 stories agree: 2 blocks, 5 headers\n"), (check, summary));
        var (_, inflated, _) = Run("inflate", _folder.Write("deflated.json", deflated));
        Assert.Equal(deflated, Run(["deflate", .. options, _folder.Write("inflated.json", inflated)]).Output);
    }

    /// <summary>Deflating says how much was saved, as nghttp2's deflatehd does.</summary>
    [Fact]
    public void Deflate_writes_lengths_and_percentage()
    {
        var (_, output, _) = Run("deflate", _folder.Write("raw.json", Sound));
        var item = JsonDocument.Parse(output).RootElement.GetProperty("cases")[0];
        Assert.Equal(48, item.GetProperty("input_length").GetInt32());
        Assert.Equal(13, item.GetProperty("output_length").GetInt32());
        Assert.Equal(27.0833, item.GetProperty("percentage_of_original_size").GetDouble(), 4);
    }

    /// <summary>The change of sizes falls where the published stories have it, with their values.</summary>
    [Fact]
    public void Changing_sizes_fall_where_the_published_ones_do()
    {
        var cases = string.Join(',', Enumerable.Repeat("""{"headers":[{"a":"b"}]}""", 10));
        var (_, output, _) = Run("deflate", "--change-table-size", _folder.Write("raw.json", $$"""{"cases":[{{cases}}]}"""));
        var sizes = JsonDocument.Parse(output).RootElement.GetProperty("cases").EnumerateArray()
            .Select(item => item.TryGetProperty("header_table_size", out var size) ? size.GetInt32() : 0);
        Assert.Equal([0, 0, 0, 1365, 0, 0, 2730, 0, 0, 0], sizes);
    }

    /// <summary>Header text as HTTP/1 writes it can be deflated.</summary>
    [Fact]
    public void Deflate_reads_header_text()
    {
        var text = _folder.Write("a.txt", ":method: GET\nx:  y \r\n\n:method: POST\n");
        var (code, output, _) = Run("deflate", "--http1text", text);
        Assert.Equal(0, code);
        var cases = JsonDocument.Parse(output).RootElement.GetProperty("cases");
        Assert.Equal("y", cases[0].GetProperty("headers")[1].GetProperty("x").GetString());
        Assert.Equal("83", cases[1].GetProperty("wire").GetString());
    }

    /// <summary>Octets that are not text are written as hexadecimal besides, and nothing is lost.</summary>
    [Fact]
    public void Octets_that_are_not_text_come_through()
    {
        var story = _folder.Write("a.json", """{"cases":[{"wire":"000178 02ff00"}]}""".Replace(" ", ""));
        var (_, inflated, _) = Run("inflate", story);
        Assert.Contains("headers_hex", inflated);
        var (_, deflated, _) = Run("deflate", _folder.Write("b.json", inflated));
        Assert.Equal(0, Run("inflate", "--check", _folder.Write("c.json", deflated)).Code);
        Assert.Contains("ff00", deflated);
    }

    /// <summary>A bad file is named with the case and the octet; the others still run; the exit code says so.</summary>
    [Theory]
    [InlineData(
        """{"cases":[{"wire":"82","headers":[{":method":"GET"}]},{"wire":"8240036161"}]}""",
        "case 1, octet 2: the block ends inside a string (RFC 7541 §5.2)")]
    [InlineData("""{"cases":[{"seqno":7,"wire":"80"}]}""", "case 7, octet 0: an indexed field has index 0 (RFC 7541 §6.1)")]
    [InlineData("""{"cases":[{"seqno":7,"wire":"8g"}]}""", "case 7, octet 0: 'wire' has 'g' where a hexadecimal digit belongs")]
    [InlineData("""{"cases":[{"seqno":7,"wire":"828"}]}""", "case 7, octet 1: 'wire' ends with half an octet")]
    [InlineData("""{"cases":[{"headers":[]}]}""", "case 0: no 'wire' to inflate")]
    [InlineData("""{"cases":[{"wire":"82"}]}""", "case 0: no 'headers' to compare with")]
    [InlineData(
        """{"cases":[{"wire":"82","headers":[{":method":"PUT"}]}]}""",
        "case 0: header 0: the file has ':method: PUT', the block ':method: GET'")]
    [InlineData("""{"cases":[{"wire":"8284","headers":[{":method":"GET"}]}]}""", "case 0: the file has 1 headers, the block 2")]
    [InlineData("""{"draft":8,"cases":[{"wire":"82","headers":[{"a":"b"}]}]}""", "case 0: the block has ':method: GET', the file lacks it")]
    [InlineData("""{"draft":8,"cases":[{"wire":"","headers":[{"a":"b"}]}]}""", "case 0: the file has 'a: b', the block lacks it")]
    [InlineData(
        """{"draft":8,"cases":[{"wire":"31","headers":[]}]}""",
        "case 0, octet 0: the octet that empties the reference set has other bits set (HPACK draft 08 §7.3)")]
    [InlineData(
        """{"cases":[{"wire":"82","headers":[{":method":"GET","b":"c"}]}]}""",
        "case 0: each of 'headers' must be an object with one name and its value, a string")]
    [InlineData("""{"cases":[{"wire":"82","headers":[{"\ud800":"c"}]}]}""", "case 0: a string has half of a surrogate pair")]
    [InlineData("""{"cases":[{"wire":"82","header_table_size":-1}]}""", "case 0: 'header_table_size' is negative")]
    [InlineData("""{"cases":[3]}""", "case 0: a case must be an object")]
    [InlineData("""{"draft":5,"cases":[]}""", "encoded by HPACK draft 5; RFC 7541 (drafts 9 and later) and draft 8 can be read")]
    [InlineData("""{"case":[]}""", "not a story: it wants an object with an array 'cases'")]
    [InlineData("[1,\n2,x]", "not JSON at line 2, octet 2")]
    public void A_bad_file_is_named_with_its_place_and_the_others_still_run(string bad, string fault)
    {
        var path = _folder.Write("b.json", bad);
        _folder.Write("a.json", Sound);
        _folder.Write("c.json", Sound);
        var (code, output, error) = Run("inflate", "--check", _folder.FullPath);
        Assert.Equal(1, code);
        Assert.Equal($"{path}: {fault}\n", error);
        Assert.StartsWith("2 of 3 stories agree: ", output);
    }

    /// <summary>Cases before a fault are written, in JSON that is whole.</summary>
    [Fact]
    public void What_came_before_a_fault_is_written()
    {
        var (code, output, error) = Run("inflate", _folder.Write("b.json", """{"cases":[{"wire":"82"},{"wire":"80"}]}"""));
        Assert.Equal(1, code);
        Assert.Contains("case 1, octet 0", error);
        Assert.Equal(1, JsonDocument.Parse(output).RootElement.GetProperty("cases").GetArrayLength());
    }

    /// <summary>Some encoders' stories spell an absent size as null, and nghttp2's tools number the cases in seq.</summary>
    [Fact]
    public void Stories_of_other_tools_are_read()
    {
        var story = """{"cases":[{"seq":4,"header_table_size":null,"wire":"82","headers":[{":method":"GET"}]},{"seq":5,"wire":"80"}]}""";
        Assert.Contains("case 5, octet 0", Run("inflate", "--check", _folder.Write("a.json", story)).Error);
    }

    /// <summary>A folder is written to a folder, file by file.</summary>
    [Fact]
    public void A_folder_goes_to_a_folder()
    {
        _folder.Write("in/a.json", Sound);
        _folder.Write("in/deep/b.json", Sound);
        var target = Path.Combine(_folder.FullPath, "out");
        Assert.Equal((0, ""), (Run("deflate", "-o", target, Path.Combine(_folder.FullPath, "in")) is var run ? run.Code : 1, run.Output));
        Assert.Equal("2 of 2 stories agree: 4 blocks, 10 headers\n", Run("inflate", "--check", target).Output);
        Assert.True(File.Exists(Path.Combine(target, "deep", "b.json")));
    }

    /// <summary>Wrong command lines are refused before anything is done.</summary>
    [Fact]
    public void A_wrong_command_line_is_refused()
    {
        _folder.Write("a.json", Sound);
        _folder.Write("b.json", Sound);
        Assert.Contains("--output FOLDER or --check", Usage(["inflate", _folder.FullPath], ExitCode.Usage));
        Assert.Contains("--check writes nothing", Usage(["inflate", "--check", "--dump-table", _folder.FullPath], ExitCode.Usage));
        Assert.Contains("no such file or folder", Usage(["inflate", Path.Combine(_folder.FullPath, "absent")], ExitCode.Failure));
        Assert.Contains("no story", Usage(["inflate", _folder.MakeDirectory("empty")], ExitCode.Failure));
        Assert.NotEmpty(HpackCommand.Create().Parse(["inflate", "--table-size", "-1"]).Errors);
        Assert.NotEmpty(HpackCommand.Create().Parse(["deflate", "--table-size", "4294967296"]).Errors);
    }

    /// <summary>Away from a terminal the tables are plain lines.</summary>
    [Fact]
    public void Table_prints_the_table_after_each_block()
    {
        var path = _folder.Write("a.json", Sound);
        Assert.Equal(
            $"{path}, case 0: 4 headers in 13 octets; table 53 of 4096 octets in 1 entries\n[1] (s=53) (r=n) :authority: yahoo.co.jp\n\n"
            + $"{path}, case 1: 1 headers in 1 octets; table 53 of 4096 octets in 1 entries\n[1] (s=53) (r=n) :authority: yahoo.co.jp\n\n",
            Run("table", path).Output);
        // A raw story is encoded first.
        var raw = _folder.Write("raw.json", """{"cases":[{"headers":[{"a":"b"}]}]}""");
        Assert.Contains("[1] (s=34) (r=y) a: b", Run("table", "--draft08", raw).Output);
    }

    /// <summary>The ratios of published stories are the published ones.</summary>
    [VectorFact("hpack-test-case/nghttp2")]
    public void Stat_counts_what_is_published()
    {
        var (code, output, _) = Run("stat", Vectors.Find("hpack-test-case/nghttp2")!);
        Assert.Equal(0, code);
        var total = output.TrimEnd('\n').Split('\n')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["total", "3384", "39359", "1162372", "360319", "31.00", "%"], total);
    }

    /// <summary>All published stories of both dialects agree, without being told the dialect.</summary>
    [VectorTheory("hpack-test-case")]
    [InlineData("hpack-test-case/nghttp2-change-table-size", 31)]
    [InlineData("hpack-test-case/haskell-http2-linear-huffman", 32)]
    [InlineData("hpack-test-case-draft08/nghttp2", 32)]
    [InlineData("hpack-test-case-draft08/nghttp2-change-table-size", 31)]
    public void Published_stories_agree(string folder, int stories)
    {
        var (code, output, error) = Run("inflate", "--check", Vectors.Find(folder)!);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith($"{stories} of {stories} stories agree", output);
    }

    /// <summary>Without a path, standard input is read.</summary>
    [Fact]
    public void Standard_input_is_a_story_like_any_other()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var sound = new HpackIo { Out = output, Error = error, OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(Sound)) };
        var empty = sound with { OpenInput = () => Stream.Null };
        Assert.Equal(0, new InflateRun(new HpackSettings { Check = true }, sound).Run());
        Assert.Equal(1, new InflateRun(new HpackSettings { Check = true, Paths = ["-"] }, empty).Run());
        Assert.StartsWith("1 of 1 stories agree: 2 blocks, 5 headers\n0 of 1", output.ToString());
        Assert.Equal("standard input: not JSON at line 1, octet 0\n", error.ToString());
    }

    /// <summary>On a terminal the tables are drawn, and names that look like markup are not taken for it.</summary>
    [Fact]
    public void On_a_terminal_tables_are_drawn()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var io = new HpackIo { Out = output, Error = TextWriter.Null, OpenInput = () => Stream.Null, OutIsTerminal = true };
        var path = _folder.Write("raw.json", """{"cases":[{"headers":[{"[red]":"b"}]}]}""");
        Assert.Equal(0, new TableRun(new HpackSettings { Paths = [path], Draft08 = true }, io).Run());
        Assert.Equal(0, new StatRun(new HpackSettings { Paths = [path] }, io).Run());
        Assert.Contains("[red]", output.ToString());
        Assert.Contains("yes", output.ToString());
        Assert.Contains("total", output.ToString());
        Assert.Contains("╭", output.ToString());
    }

    /// <summary>On a terminal a long run shows its progress there, and faults still come out.</summary>
    [Fact]
    public void On_a_terminal_a_long_run_shows_progress()
    {
        for (var i = 0; i < 20; i++)
            _folder.Write($"{i:00}.json", i == 5 ? "x" : Sound);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var io = new HpackIo
        {
            Out = output, Error = error, OpenInput = () => Stream.Null, ErrorIsTerminal = true, Time = new TickingClock(),
        };
        Assert.Equal(1, new InflateRun(new HpackSettings { Paths = [_folder.FullPath], Check = true }, io).Run());
        // Half a second in, then each tenth: the clock goes on by 60 ms whenever it is asked.
        Assert.StartsWith("\r\e[Kstory 5 of 20, block 1", error.ToString());
        Assert.Contains($"\r\e[K{Path.Combine(_folder.FullPath, "05.json")}: not JSON at line 1, octet 0\n\r\e[Kstory 7", error.ToString());
        Assert.EndsWith("\r\e[K", error.ToString());
        Assert.Equal("19 of 20 stories agree: 38 blocks, 95 headers\n", output.ToString());
    }

    private sealed class TickingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now += 60;
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = HpackCommand.Create().Parse(args).Invoke(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }

    private static string Usage(string[] args, int exitCode)
    {
        var error = Assert.Throws<UserErrorException>(() => Run(args));
        Assert.Equal(exitCode, error.ExitCode);
        return error.Message;
    }
}
