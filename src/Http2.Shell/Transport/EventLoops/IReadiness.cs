namespace Http2.Shell;

/// <summary>Something that an event loop wakes when its descriptor is ready.</summary>
internal interface IReadiness
{
    /// <summary>What its work was like when it was last woken. Kept here for the loops.</summary>
    WorkWeight Weight { get; set; }

    /// <summary>Runs on a loop's thread; two threads may report different changes at once.</summary>
    /// <param name="events">What <see cref="Epoll"/> reported.</param>
    void OnReady(uint events);
}
