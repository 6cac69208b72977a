using System.Diagnostics;
using Http2.Shell.Hpack;
using Http2.TestSupport;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Our blocks as python3-hpack reads them.</summary>
public sealed class PythonHpackTests
{
    // A line for each block: the story, the table size before it or -, the block, and the headers as pairs of hexadecimal strings.
    private const string Script = """
        import sys, hpack
        story, decoder, blocks, headers = None, None, 0, 0
        for line in sys.stdin:
            name, size, wire, *pairs = line.rstrip('\n').split(' ')
            if name != story:
                story, decoder = name, hpack.Decoder(max_header_list_size=1 << 24)
            if size != '-':
                decoder.max_allowed_table_size = int(size)
            got = [(bytes(n), bytes(v)) for n, v in decoder.decode(bytes.fromhex(wire), raw=True)]
            wanted = [tuple(bytes.fromhex(half) for half in pair.split(':')) for pair in pairs]
            if got != wanted:
                sys.exit('%s, block %d: %r instead of %r' % (name, blocks, got, wanted))
            blocks, headers = blocks + 1, headers + len(got)
        print(blocks, headers)
        """;

    /// <summary>Every block of every raw story, at four table sizes and with sizes that change, decodes to the same headers.</summary>
    [PythonHpackFact]
    public void Our_blocks_of_all_raw_stories_decode_to_the_same_headers()
    {
        var (blocks, headers) = (0, 0);
        var input = new StringWriter { NewLine = "\n" };
        foreach (var story in Story.ReadAll("hpack-test-case/raw-data"))
        {
            foreach (var size in new int?[] { null, 0, 100, 65_536 })
            {
                var deflater = new HdDeflater(65_536);
                for (var i = 0; i < story.Cases.Count; i++)
                {
                    var item = story.Cases[i];
                    // Half way through, the size goes down and up again: two updates in one block.
                    int[] changes = size is { } start ? i == 0 ? [start] : i == story.Cases.Count / 2 ? [start / 2, start] : [] : [];
                    foreach (var change in changes)
                        deflater.ChangeTableSize(change);
                    var block = deflater.Deflate(item.Headers);
                    var pairs = item.Headers.Select(pair => $" {Hex(pair.Key)}:{Hex(pair.Value)}");
                    var setting = changes.Length == 0 ? "-" : $"{changes[^1]}";
                    input.WriteLine($"{story.Name}/{size} {setting} {Convert.ToHexStringLower(block)}{string.Concat(pairs)}");
                    (blocks, headers) = (blocks + 1, headers + item.Headers.Count);
                }
            }
        }
        Assert.Equal($"{blocks} {headers}", Run(input.ToString()));
    }

    private static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text));

    private static string Run(string input)
    {
        using var process = Process.Start(new ProcessStartInfo(PythonHpackFactAttribute.Interpreter!, ["-c", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(300_000))
            process.Kill();
        return error.Result.Length > 0 ? error.Result : output.Result.Trim();
    }
}
