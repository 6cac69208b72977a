namespace Http2.Interleavings;

/// <summary>What a descriptor stands for.</summary>
internal abstract class KernelFile
{
    public const uint In = 0x001, Out = 0x004, Error = 0x008, HangUp = 0x010, ReadHangUp = 0x2000, Edge = 1u << 31;

    private readonly List<KernelPollSet> _watchers = [];

    /// <summary>What it is ready for now.</summary>
    public abstract uint Ready { get; }

    public bool IsClosed { get; private set; }

    public void Watch(KernelPollSet set)
    {
        if (!_watchers.Contains(set))
            _watchers.Add(set);
    }

    public void Unwatch(KernelPollSet set) => _watchers.Remove(set);

    public virtual void Close() => IsClosed = true;

    /// <summary>Something has changed: whoever waits for it is told.</summary>
    protected void Changed()
    {
        foreach (var set in _watchers)
            set.Report(this);
    }
}

/// <summary>A listening socket.</summary>
internal sealed class KernelListener : KernelFile
{
    public Queue<KernelSocket> Waiting { get; } = new();

    public override uint Ready => Waiting.Count > 0 ? In : 0;
}

/// <summary>An eventfd.</summary>
internal sealed class KernelEvent : KernelFile
{
    private bool _isSet;

    public override uint Ready => _isSet ? In : 0;

    public void Set()
    {
        _isSet = true;
        Changed();
    }
}

/// <summary>A connected stream socket, the program's end.</summary>
internal sealed class KernelSocket(int room) : KernelFile
{
    private readonly Queue<byte> _incoming = new();
    private int _room = room;
    private bool _hasPeerFinished, _isReset, _hasFinished;

    public List<byte> Sent { get; } = [];

    public override uint Ready => (_incoming.Count > 0 || _hasPeerFinished || _isReset ? In : 0) | (_room > 0 || _isReset ? Out : 0)
        | (_hasPeerFinished || _isReset ? ReadHangUp : 0) | (_isReset ? Error | HangUp : 0) | (_hasPeerFinished && _hasFinished ? HangUp : 0);

    public void Come(byte[] octets)
    {
        foreach (var octet in octets)
            _incoming.Enqueue(octet);
        Changed();
    }

    public void Finish()
    {
        _hasPeerFinished = true;
        Changed();
    }

    public void Reset()
    {
        _isReset = true;
        Changed();
    }

    public void MakeRoom(int octets)
    {
        var wasFull = _room == 0;
        _room += octets;
        if (wasFull)
            Changed();
    }

    public void FinishSending() => _hasFinished = true;

    /// <summary>Answers how many octets were received, or an error below 0.</summary>
    public int Receive(Span<byte> octets)
    {
        if (_isReset)
            return -Kernel.ConnectionReset;
        if (_incoming.Count == 0)
            return _hasPeerFinished ? 0 : -Kernel.Again;
        var count = Math.Min(octets.Length, _incoming.Count);
        for (var i = 0; i < count; i++)
            octets[i] = _incoming.Dequeue();
        return count;
    }

    /// <summary>Answers how many octets were sent, or an error below 0.</summary>
    public int Send(ReadOnlySpan<byte> octets)
    {
        if (_isReset || _hasFinished)
            return -Kernel.BrokenPipe;
        var count = Math.Min(octets.Length, _room);
        if (count == 0)
            return -Kernel.Again;
        _room -= count;
        Sent.AddRange(octets[..count]);
        return count;
    }
}

/// <summary>An epoll set.</summary>
internal sealed class KernelPollSet : KernelFile
{
    private readonly Dictionary<KernelFile, (uint Interest, ulong Token)> _watched = [];
    private readonly List<KernelFile> _reported = [];

    public override uint Ready => HasReports ? In : 0;

    public bool HasReports => _reported.Exists(file => EventsOf(file) != 0);

    public void Set(KernelFile file, uint interest, ulong token)
    {
        _watched[file] = (interest, token);
        file.Watch(this);
        if (EventsOf(file) != 0)
            Report(file);
    }

    public void Remove(KernelFile file)
    {
        _watched.Remove(file);
        _reported.Remove(file);
        file.Unwatch(this);
    }

    public void Report(KernelFile file)
    {
        if (!_reported.Contains(file))
            _reported.Add(file);
    }

    /// <summary>Takes the next report; what is not edge-triggered comes again as long as it is so.</summary>
    public (uint Events, ulong Token)? Take(HashSet<KernelFile> taken)
    {
        foreach (var file in _reported.Where(file => !taken.Contains(file)).ToList())
        {
            var events = EventsOf(file);
            _reported.Remove(file);
            if (events == 0)
                continue;
            if ((_watched[file].Interest & Edge) == 0)
                _reported.Add(file);
            taken.Add(file);
            return (events, _watched[file].Token);
        }
        return null;
    }

    private uint EventsOf(KernelFile file) =>
        _watched.TryGetValue(file, out var watched) ? file.Ready & (watched.Interest | Error | HangUp) : 0;
}
