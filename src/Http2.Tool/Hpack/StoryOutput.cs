namespace Http2.Tool;

/// <summary>Where the stories that are written go: standard output for one, a folder for many.</summary>
internal sealed class StoryOutput(HpackIo io, string? folder)
{
    /// <summary>Checks that every story has a place.</summary>
    /// <exception cref="UserErrorException">Several stories would go to standard output.</exception>
    public void Admit(IReadOnlyList<StorySource> sources, string otherwise)
    {
        if (folder is null && sources.Count > 1)
            throw UserErrorException.Usage($"{sources.Count} stories do not fit into one output; give --output FOLDER{otherwise}");
    }

    /// <summary>Calls <paramref name="write"/> with the place of <paramref name="source"/>.</summary>
    public void With(StorySource source, Action<TextWriter> write)
    {
        if (folder is null)
        {
            write(io.Out);
            return;
        }
        var path = Path.Combine(folder, Path.ChangeExtension(source.RelativePath, ".json"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new StreamWriter(path);
        write(file);
    }
}
