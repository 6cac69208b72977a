namespace Http2.Shell;

/// <summary>Something that an event loop wakes when its descriptor is ready.</summary>
internal interface IReadiness
{
    /// <summary>What its work is likely to be like. Kept here for the loops.</summary>
    WorkWeight Weight { get; }

    /// <summary>Its work was seen to be like this. Any thread.</summary>
    void Note(WorkWeight seen);

    /// <summary>Runs on a loop's thread; two threads may report different changes at once.</summary>
    /// <param name="events">What <see cref="Epoll"/> reported.</param>
    void OnReady(uint events);
}
