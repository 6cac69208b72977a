namespace Http2.Shell;

/// <summary>What the work of one source of reports was like, and so how it is likely to go on. Not exact when two threads write at once.</summary>
internal struct WorkHistory
{
    /// <summary>
    /// So many light pieces in a row make a source light again. A connection whose handlers block brings light pieces in between, such as a
    /// WINDOW_UPDATE, and one of those says nothing about the next request.
    /// </summary>
    internal const int LightAfter = 16;

    private byte _light;

    /// <summary>What its next piece is taken for.</summary>
    internal WorkWeight Weight { get; private set; }

    /// <summary>A piece was seen to be like this.</summary>
    internal void Note(WorkWeight seen)
    {
        if (seen != WorkWeight.Light)
            (Weight, _light) = (seen, 0);
        else if (Weight != WorkWeight.Light && ++_light == LightAfter)
            (Weight, _light) = (WorkWeight.Light, 0);
    }
}
