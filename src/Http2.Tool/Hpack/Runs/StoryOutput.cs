using System.Runtime.ExceptionServices;

namespace Http2.Tool;

/// <summary>Where stories are written to: standard output for one story, a folder for several.</summary>
internal sealed class StoryOutput(HpackIo io, string? folder)
{
    /// <summary>Checks that every story can be written to a file of its own, or the only one to standard output.</summary>
    /// <exception cref="UserErrorException">
    /// Several stories would go to standard output or to one file, or one would be written over while it is read.
    /// </exception>
    public void Admit(IReadOnlyList<StorySource> sources, string otherwise)
    {
        if (folder is null && sources.Count > 1)
            throw UserErrorException.Usage($"{sources.Count} stories do not fit into one output; give --output FOLDER{otherwise}");
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var source in folder is null ? [] : sources)
        {
            var place = PlaceOf(source);
            if (Path.GetFullPath(source.Name) == Path.GetFullPath(place))
                throw UserErrorException.Usage($"option --output: '{source.Name}' would be written over itself; give another folder");
            if (!places.TryAdd(place, source.Name))
            {
                throw UserErrorException.Usage(
                    $"option --output: '{places[place]}' and '{source.Name}' would both be written to '{place}'; give one at a time");
            }
        }
    }

    /// <summary>Calls <paramref name="write"/> with the stream that the story <paramref name="source"/> is written to.</summary>
    public void With(StorySource source, Action<TextWriter> write)
    {
        if (folder is null)
        {
            write(io.Out);
            return;
        }
        var path = PlaceOf(source);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ExceptionDispatchInfo? fault = null;
        OutputFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            try
            {
                write(writer);
            }
            catch (StoryFaultException found)
            {
                // The cases before the one that is bad are right, so the file keeps them.
                fault = ExceptionDispatchInfo.Capture(found);
            }
        });
        fault?.Throw();
    }

    private string PlaceOf(StorySource source) => Path.Combine(folder!, Path.ChangeExtension(source.RelativePath, ".json"));
}
