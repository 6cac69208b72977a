namespace Http2.Tool;

/// <summary>
/// One line on a terminal that says how far a run is. It is shown only when the run takes long, and removed before anything else is
/// written.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="stories">How many stories there are.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLine(TextWriter terminal, int stories, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly long _start = time.GetTimestamp();
    private long _shown;
    private bool _visible;

    /// <summary>Shows how far the run is, unless the line was shown a moment ago.</summary>
    /// <param name="story">The story it is at, from 0.</param>
    /// <param name="block">The block of the story, from 0.</param>
    public void Report(int story, int block)
    {
        if (time.GetElapsedTime(_start) < Patience || _visible && time.GetElapsedTime(_shown) < Pause)
            return;
        terminal.Write($"\r\e[Kstory {story + 1} of {stories}, block {block + 1}");
        (_visible, _shown) = (true, time.GetTimestamp());
    }

    /// <summary>Removes the line from the terminal.</summary>
    public void Clear()
    {
        if (_visible)
            terminal.Write("\r\e[K");
        _visible = false;
    }
}
