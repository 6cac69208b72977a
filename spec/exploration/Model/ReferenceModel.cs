using Http2.Pure;
using static Http2.Pure.StreamState;

namespace Http2.Exploration;

/// <summary>
/// The other description of RFC 9113's streams and windows: a history, what the application has queued and taken, and rules that read them.
/// It says what may become of each frame of the peer, which commands are in order, and what may be sent.
/// </summary>
internal sealed class ReferenceModel
{
    private readonly Role _role;
    private readonly PeerRules _rules;
    private readonly Dictionary<uint, long> _queued;
    private readonly Dictionary<uint, long> _consumed;
    private readonly Dictionary<uint, long> _delivered;
    private readonly HashSet<uint> _endQueued;
    private readonly HashSet<uint> _announced;
    private readonly HashSet<uint> _retired;

    public ReferenceModel(Trace trace)
    {
        _role = trace.Role;
        History = new History(
            trace.Role,
            new SettingsList(new(SettingId.InitialWindowSize, trace.OurWindow), new(SettingId.MaxConcurrentStreams, trace.OurMaxStreams)),
            new SettingsList(new Setting(SettingId.InitialWindowSize, trace.PeerWindow)));
        _rules = RulesOver(History, Blocks);
        (_queued, _consumed, _delivered, _endQueued, _announced, _retired) = ([], [], [], [], [], []);
    }

    private ReferenceModel(ReferenceModel from)
    {
        _role = from._role;
        (History, Blocks) = (from.History.Copy(), from.Blocks.Copy());
        _rules = RulesOver(History, Blocks);
        (_queued, _consumed, _delivered) = (new(from._queued), new(from._consumed), new(from._delivered));
        (_endQueued, _announced, _retired) = ([.. from._endQueued], [.. from._announced], [.. from._retired]);
        (Questions, OwesGoAway, OwesFinalGoAway) = (from.Questions, from.OwesGoAway, from.OwesFinalGoAway);
    }

    /// <summary>A model that goes on by itself from here.</summary>
    public ReferenceModel Copy() => new(this);

    public History History { get; }

    /// <summary>The field blocks of both directions.</summary>
    public FieldBlocks Blocks { get; } = new();

    /// <summary>How many SETTINGS and PING frames of the peer were taken, each of which has one answer.</summary>
    public (int Settings, int Pings) Questions { get; private set; }

    /// <summary>§6.8: a graceful end was asked for, so the peer has to be told.</summary>
    public bool OwesGoAway { get; private set; }

    /// <summary>§6.8: the warning of a graceful end has arrived, so the peer has to be told how far we got.</summary>
    public bool OwesFinalGoAway { get; private set; }

    /// <summary>Streams that the application knows of.</summary>
    public IReadOnlyCollection<uint> Announced => _announced;

    public long Queued(uint id) => _queued.GetValueOrDefault(id);

    public bool EndQueued(uint id) => _endQueued.Contains(id);

    public long Unconsumed(uint id) =>
        History.State(id).IsClosed() ? 0 : _delivered.GetValueOrDefault(id) - _consumed.GetValueOrDefault(id);

    public Verdict Judge(Command command) => _rules.Judge(command);

    /// <summary>§5.1.2: active streams of the peer.</summary>
    public int CountPeerStreams() => History.Streams.Count(id => !History.IsOurs(id)
        && (History.State(id) is Open or HalfClosedLocal or HalfClosedRemote or ReservedRemote));

    /// <summary>Streams of the peer that ended early while the application still works on them.</summary>
    public int CountLingering() => History.Streams.Count(IsLingering);

    /// <summary>Whether something may be sent now: a queue and both windows.</summary>
    public bool CanSend() => _queued.Any(q => q.Value > 0 && History.SendWindow(q.Key) > 0) && History.SendWindow(0) > 0;

    /// <summary>A frame of the peer was taken.</summary>
    public void Take(Command command)
    {
        switch (WholeOf(command))
        {
            case null:
                break;
            case Command.PeerHeaders c:
                var isHead = !History.Has(sent: false, Mark.Head, c.Id);
                History.Add(sent: false, isHead ? Mark.Head : Mark.Trailers, c.Id);
                if (isHead && _role == Role.Server)
                    _announced.Add(c.Id);
                End(c.Id, c.End);
                break;
            case Command.PeerData c:
                History.Add(sent: false, Mark.Data, c.Id, PeerRules.SizeOf(c));
                _delivered[c.Id] = _delivered.GetValueOrDefault(c.Id) + c.Octets;
                End(c.Id, c.End);
                break;
            case Command.PeerReset c:
                History.Add(sent: false, Mark.Reset, c.Id);
                Forget(c.Id);
                break;
            case Command.PeerWindow c:
                History.Add(sent: false, Mark.Update, c.Id, c.Increment);
                break;
            case Command.PeerPromise c:
                History.Add(sent: false, Mark.Promised, c.Promised);
                break;
            default:
                TakeControl(command);
                break;
        }
    }

    private void TakeControl(Command command)
    {
        switch (command)
        {
            case Command.PeerSetting c:
                History.Peers.Apply(c.Id, c.Value);
                if (c.Id == SettingId.HeaderTableSize)
                    Blocks.LimitPeers(c.Value);
                Questions = (Questions.Settings + 1, Questions.Pings);
                break;
            case Command.PeerSettingsAck:
                History.Ours.Acknowledge();
                Blocks.Acknowledge(History.Ours.Acknowledged(SettingId.HeaderTableSize));
                break;
            case Command.PeerPing:
                Questions = (Questions.Settings, Questions.Pings + 1);
                break;
            case Command.PeerPong:
                OwesFinalGoAway = History.GoAwaysSent.Count > 0;
                break;
            case Command.PeerGoAway c:
                History.GoAwaysReceived.Add(c.Last);
                // §6.8: what the peer did not look at is over, as if it had been refused
                foreach (var id in History.Streams.Where(History.IsBeyondPeersGoAway).Where(id => !History.State(id).IsClosed()).ToList())
                {
                    History.Add(sent: false, Mark.Reset, id);
                    Forget(id);
                }
                break;
            default:
                break;
        }
    }

    /// <summary>A frame of the peer was not taken by its stream, but the connection knows of it.</summary>
    public void Discard(Command command)
    {
        var whole = WholeOf(command);
        if (whole is Command.PeerData data)
            History.Add(sent: false, Mark.Discarded, data.Id, PeerRules.SizeOf(data));
        // a request that is refused has opened its stream all the same
        else if (whole is Command.PeerHeaders headers && History.State(headers.Id) == Idle && !History.IsBeyondOurGoAway(headers.Id))
            History.Add(sent: false, Mark.Head, headers.Id);
    }

    // The HEADERS that a frame makes as a whole, or the frame itself; null when it is only a part of a block.
    private Command? WholeOf(Command command)
    {
        switch (command)
        {
            case Command.PeerHeaders { More: true } begun:
                Blocks.Begin(begun);
                return null;
            case Command.PeerContinuation { More: true }:
                Blocks.GoOn();
                return null;
        }
        if (command is Command.PeerContinuation)
            command = Blocks.End();
        if (command is Command.PeerHeaders headers)
            Blocks.Decode(headers.Update);
        return command;
    }

    public void Announce(uint id) => _announced.Add(id);

    /// <summary>Whether the command is in order; a core must carry it out exactly then.</summary>
    public bool Permits(Command command)
    {
        switch (command)
        {
            case Command.AppRequest:
                return _role == Role.Client && !History.IsGoingAway && MayOpen();
            case Command.AppRespond c:
                return _role == Role.Server && !History.Has(sent: true, Mark.Head, c.Id)
                    && (History.State(c.Id) is Open or HalfClosedRemote or ReservedLocal);
            case Command.AppData c:
                return MaySend(c.Id);
            case Command.AppTrailers c:
                return MaySend(c.Id);
            case Command.AppReset c:
                return c.Id != 0 && History.State(c.Id) is not Idle && !History.State(c.Id).IsClosed();
            case Command.AppPush c:
                return _role == Role.Server && History.Peers.Latest(SettingId.EnablePush) == 1 && !History.IsGoingAway && MayOpen()
                    && !History.IsOurs(c.Parent) && (History.State(c.Parent) is Open or HalfClosedRemote) && !EndQueued(c.Parent);
            case Command.AppSetting c:
                return PeerRules.IsInRange(c.Id, c.Value, sender: _role);
            default:
                return true;
        }
    }

    /// <summary>A command was carried out; what it sent is judged by <see cref="SendRules"/>.</summary>
    public void Carry(Command command)
    {
        switch (command)
        {
            case Command.AppRespond c:
                Queue(c.Id, c.Octets, c.End);
                break;
            case Command.AppData c:
                Queue(c.Id, c.Octets, c.End);
                break;
            case Command.AppTrailers c:
                Queue(c.Id, 0, end: true);
                break;
            case Command.AppConsume c when c.Octets > 0:
                _consumed[c.Id] = _consumed.GetValueOrDefault(c.Id) + Math.Min(c.Octets, Unconsumed(c.Id));
                break;
            case Command.AppRetire c when History.State(c.Id).IsClosed():
                _retired.Add(c.Id);
                break;
            case Command.AppSetting c:
                History.Ours.Send(c.Id, c.Value);
                break;
            case Command.AppShutdown:
                OwesGoAway = true;
                break;
            default:
                break;
        }
    }

    public void Dequeue(uint id, long octets) => _queued[id] = Queued(id) - octets;

    public void Forget(uint id)
    {
        _queued.Remove(id);
        _endQueued.Remove(id);
    }

    /// <summary>
    /// Whether credit that was not announced yet is less than half a window and less than what the peer has left: what was taken must come
    /// back before the peer stands still. The connection's window comes back whether the application has read or not.
    /// </summary>
    public bool CreditComesBack(uint id)
    {
        var window = id == 0 ? WireConstants.InitialWindow : History.Ours.Latest(SettingId.InitialWindowSize);
        var whole = id == 0 ? WireConstants.InitialWindow : History.Ours.Most(SettingId.InitialWindowSize);
        var owed = whole - History.ReceiveWindow(id) - (id == 0 ? 0 : Unconsumed(id));
        var left = History.ReceiveWindow(id) - whole + window;
        return owed == 0 || (owed > 0 && owed < Math.Max(window / 2, 1) && owed < left);
    }

    public bool IsLingering(uint id) => !History.IsOurs(id) && _announced.Contains(id) && !_retired.Contains(id)
        && (History.State(id) is ResetByUs or ResetByPeer);

    private PeerRules RulesOver(History history, FieldBlocks blocks) =>
        new(_role, history, blocks) { CountPeerStreams = CountPeerStreams, CountLingering = CountLingering };

    // §5.1.2: the peer's limit
    private bool MayOpen() => History.Streams.Count(id => History.IsOurs(id) && !History.State(id).IsClosed())
        < History.Peers.Latest(SettingId.MaxConcurrentStreams);

    private bool MaySend(uint id) => History.Has(sent: true, Mark.Head, id) && !EndQueued(id) && !History.Has(sent: true, Mark.End, id)
        && !History.State(id).IsClosed();

    private void Queue(uint id, int octets, bool end)
    {
        _queued[id] = Queued(id) + octets;
        if (end)
            _endQueued.Add(id);
    }

    private void End(uint id, bool end)
    {
        if (end)
            History.Add(sent: false, Mark.End, id);
    }
}
