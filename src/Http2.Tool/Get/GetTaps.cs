using Http2.Shell;

namespace Http2.Tool;

/// <summary>What looks at the connections of a run, as far as it was asked for.</summary>
internal sealed class GetTaps : IDisposable
{
    private readonly RecordingTap? _recording;

    public GetTaps(GetOptions options, GetOutput output)
    {
        var style = options.ForcesColour ? new TerminalStyle(enabled: true) : TerminalStyle.ForOutput();
        if (options.RecordTo is { } directory)
        {
            OutputFolder.Probe("--record", directory);
            Directory.CreateDirectory(directory);
            _recording = new RecordingTap(directory, Console.Error.WriteLine);
        }
        Har = options.HarPath is null ? null : new HarLog();
        // The recording is the last: a pair gives inputs to its second.
        Http2FrameTap?[] all =
        [
            options.ShowsOctets ? new HexDump(output) : null, options.ShowsFrames ? new GetTrace(output, style) : null, Har, _recording,
        ];
        All = all.Where(tap => tap is not null).Aggregate((Http2FrameTap?)null, (before, tap) => before is null ? tap : new TapPair(before, tap!));
    }

    /// <summary>All of them as one, or null when there are none.</summary>
    public Http2FrameTap? All { get; }

    /// <summary>The archive, or null.</summary>
    public HarLog? Har { get; }

    /// <inheritdoc/>
    public void Dispose() => _recording?.Dispose();
}
