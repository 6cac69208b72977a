namespace Http2.Interleavings;

/// <summary>
/// The descriptors of one run, in memory: stream sockets, epoll sets and events, as Linux has them. The number of a descriptor that was closed is
/// given to the next one. What no program may do ends the run: to close a descriptor twice, or to use one that is closed.
/// </summary>
public sealed class Kernel
{
    internal const int BadDescriptor = 9, Again = 11, ConnectionReset = 104, BrokenPipe = 32;

    private const int First = 1000;

    private readonly Schedule _schedule;
    private readonly SortedDictionary<int, KernelFile> _open = [];

    internal Kernel(Schedule schedule) => _schedule = schedule;

    /// <summary>How many descriptors are open.</summary>
    public int Open => _open.Count;

    /// <summary>A socket that listens.</summary>
    public int Listen() => Add(new KernelListener());

    /// <summary>Connects to one; the program accepts what comes of it.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="room">How many octets the program can send before the peer takes some.</param>
    public KernelPeer Connect(int listener, int room = 64 * 1024)
    {
        var socket = new KernelSocket(room);
        Find<KernelListener>(listener)!.Waiting.Enqueue(socket);
        return new KernelPeer(_schedule, socket);
    }

    internal static Kernel OfRun(Schedule schedule)
    {
        if (!schedule.Things.TryGetValue(typeof(Kernel), out var kernel))
            schedule.Things[typeof(Kernel)] = kernel = new Kernel(schedule);
        return (Kernel)kernel;
    }

    internal int Add(KernelFile file)
    {
        var number = First;
        while (_open.ContainsKey(number))
            number++;
        _open[number] = file;
        return number;
    }

    internal T? Find<T>(int number)
        where T : KernelFile
    {
        if (_open.GetValueOrDefault(number) is T file)
            return file;
        _schedule.Fail(new ScenarioFailedException($"Descriptor {number} is used as {typeof(T).Name}, but is {_open.GetValueOrDefault(number)?.GetType().Name ?? "closed"}."));
        return null;
    }

    internal int Close(int number)
    {
        if (!_open.Remove(number, out var file))
            _schedule.Fail(new ScenarioFailedException($"Descriptor {number} is closed, but is not open."));
        foreach (var set in _open.Values.OfType<KernelPollSet>())
            set.Remove(file!);
        file?.Close();
        return 0;
    }
}

/// <summary>The other end of a connection: what a scenario does with it.</summary>
public sealed class KernelPeer
{
    private readonly Schedule _schedule;
    private readonly KernelSocket _socket;

    internal KernelPeer(Schedule schedule, KernelSocket socket) => (_schedule, _socket) = (schedule, socket);

    /// <summary>All that the program has sent.</summary>
    public IReadOnlyList<byte> Received => _socket.Sent;

    /// <summary>Whether the program has closed its end.</summary>
    public bool IsClosed => _socket.IsClosed;

    /// <summary>Sends octets.</summary>
    public void Send(params byte[] octets) => Do($"the peer sends {octets.Length} octets", () => _socket.Come(octets));

    /// <summary>Sends nothing more.</summary>
    public void Finish() => Do("the peer finishes", _socket.Finish);

    /// <summary>Ends the connection, and what was on its way with it.</summary>
    public void Reset() => Do("the peer resets the connection", _socket.Reset);

    /// <summary>Takes octets, so that there is room for so many more.</summary>
    public void Take(int octets) => Do($"the peer takes {octets} octets", () => _socket.MakeRoom(octets));

    private void Do(string what, Action change)
    {
        if (Strand.Current is { } me)
        {
            _schedule.Step(me);
            _schedule.Tell(me, what);
        }
        change();
    }
}
