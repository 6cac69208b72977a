using System.Text;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class OutputQueueTests
{
    private static readonly string Line = new('x', 1000);

    [Fact]
    public void Lines_come_out_in_order()
    {
        var text = new StringWriter();
        using (var queue = new OutputQueue(text, Timeout.InfiniteTimeSpan))
        {
            for (var i = 0; i < 1000; i++)
                queue.Write($"{i}");
        }
        Assert.Equal(string.Concat(Enumerable.Range(0, 1000).Select(i => $"{i}\n")), text.ToString());
    }

    [Fact]
    public void Whoever_writes_and_whoever_ends_it_does_not_wait_for_a_reader_that_reads_nothing()
    {
        using var reader = new Reader();
        var queue = new OutputQueue(reader, TimeSpan.FromMilliseconds(1));
        for (var i = 0; i < 10_000; i++)
            queue.Write(Line);
        queue.Dispose();
        Assert.Equal(0, reader.Taken);
    }

    [Fact]
    public void What_waits_is_bounded_by_its_size_and_what_found_no_room_is_counted()
    {
        using var reader = new Reader();
        using var queue = new OutputQueue(reader, Timeout.InfiniteTimeSpan);
        queue.Write("first");
        reader.WaitUntilAsked();
        // The writer holds the first line; from here on everything waits.
        const int Written = 10_000;
        for (var i = 0; i < Written; i++)
            queue.Write(Line);
        reader.Release();
        queue.Dispose();
        var lines = reader.Text.Split('\n');
        var kept = lines.Count(line => line == Line);
        Assert.Equal(OutputQueue.MaxWaiting / Line.Length, kept);
        Assert.Contains($"({Written - kept} entries dropped: the output is slower than what there is to say)", lines);
    }

    [Fact]
    public void A_reader_that_has_gone_ends_nothing()
    {
        var broken = new Reader { Fails = true };
        var queue = new OutputQueue(broken, Timeout.InfiniteTimeSpan);
        queue.Write("lost");
        broken.WaitUntilAsked();
        broken.Release();
        queue.Write("lost as well");
        queue.Dispose();
        Assert.Equal("", broken.Text);
    }

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class Reader : TextWriter
    {
        private readonly ManualResetEventSlim _asked = new(), _reads = new();
        private readonly StringBuilder _text = new();

        public bool Fails { get; init; }

        public int Taken => _text.Length;

        public string Text => _text.ToString();

        public override Encoding Encoding => Encoding.UTF8;

        public void WaitUntilAsked() => Assert.True(_asked.Wait(Patience.Time));

        public void Release() => _reads.Set();

        public override void Write(StringBuilder? value)
        {
            _asked.Set();
            _reads.Wait();
            if (Fails)
                throw new IOException("Broken pipe");
            _text.Append(value);
        }

        protected override void Dispose(bool disposing)
        {
            // Lets the writer's thread go.
            _reads.Set();
            base.Dispose(disposing);
        }
    }
}
