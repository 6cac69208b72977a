using Http2.Shell.Hpack;

namespace Http2.Tool;

/// <summary><c>http2 hpack inflate</c>: decodes the blocks of stories, and writes the header lists or compares them with the files.</summary>
internal sealed class InflateRun(HpackSettings settings, HpackIo io)
{
    private long _blocks;
    private long _headers;
    private int _stories;

    /// <summary>Runs the command.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var sources = StorySource.Expand(settings.Paths, "*.json", io.OpenInput);
        var output = new StoryOutput(io, settings.OutputFolder);
        if (!settings.Check)
            output.Admit(sources, " or --check");
        var batch = new StoryBatch(io, sources, quiet: settings.Check || settings.OutputFolder is not null);
        var exitCode = batch.Run(source =>
        {
            using var stream = source.Open();
            using var story = new InflatedStory(StoryReader.Open(stream), settings);
            if (settings.Check)
                Check(story, batch);
            else
                output.With(source, target => Write(story, target, batch));
        });
        if (settings.Check)
            io.Out.WriteLine($"{_stories} of {sources.Count} stories agree: {_blocks} blocks, {_headers} headers");
        return exitCode;
    }

    private void Check(InflatedStory story, StoryBatch batch)
    {
        foreach (var (item, headers) in story.ReadCases())
        {
            if (item.Headers is not { } wanted)
                throw new StoryFaultException(item.SeqNo, null, "no 'headers' to compare with");
            if (HeaderDifference.Find(wanted, headers, story.Dialect) is { } difference)
                throw new StoryFaultException(item.SeqNo, null, difference);
            batch.Advance();
            _blocks++;
            _headers += headers.Count;
        }
        _stories++;
    }

    private void Write(InflatedStory story, TextWriter target, StoryBatch batch)
    {
        var draft = story.Dialect == HpackDialect.Draft08 ? 8 : story.Head.Draft;
        using var writer = new StoryWriter(target, story.Head with { Draft = draft });
        foreach (var (item, headers) in story.ReadCases())
        {
            writer.Write(new WrittenCase
            {
                SeqNo = item.SeqNo,
                Wire = item.Wire!.Value,
                Headers = headers,
                HeaderTableSize = item.HeaderTableSize,
                Table = settings.DumpTable ? story.Table : null,
                FirstIndex = FirstIndex.Of(story.Dialect),
            });
            batch.Advance();
        }
    }
}
