using System.Globalization;

namespace Http2.Tool;

/// <summary><c>http2 hpack deflate</c>: encodes the header lists of stories.</summary>
internal sealed class DeflateRun(HpackSettings settings, HpackIo io)
{
    private long _raw;
    private long _wire;

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var sources = StorySource.Expand(settings.Paths, settings.Http1Text ? "*.txt" : "*.json", io.OpenInput);
        var output = new StoryOutput(io, settings.OutputFolder);
        output.Admit(sources, "");
        var batch = new StoryBatch(io, sources, quiet: settings.OutputFolder is not null);
        var exitCode = batch.Run(source =>
        {
            using var stream = source.Open();
            using var story = Open(stream);
            output.With(source, target => Write(story, target, batch));
        });
        var ratio = _raw == 0 ? 0 : (double)_wire / _raw;
        io.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Overall: input={_raw} output={_wire} ratio={ratio:0.0000}"));
        return exitCode;
    }

    private DeflatedStory Open(Stream stream) =>
        settings.Http1Text
            ? new DeflatedStory(Http1TextReader.Read(stream), settings)
            : new DeflatedStory(StoryReader.Open(stream), settings);

    private void Write(DeflatedStory story, TextWriter target, StoryBatch batch)
    {
        using var writer = new StoryWriter(target, story.Head);
        foreach (var item in story.ReadCases())
        {
            var raw = StoryCase.RawLength(item.Headers);
            writer.Write(new WrittenCase
            {
                SeqNo = item.SeqNo,
                Wire = item.Wire,
                Headers = item.Headers,
                HeaderTableSize = item.TableSize,
                InputLength = raw,
                Table = settings.DumpTable ? story.Table : null,
                FirstIndex = FirstIndex.Of(story.Dialect),
            });
            batch.Advance();
            _raw += raw;
            _wire += item.Wire.Length;
        }
    }
}
