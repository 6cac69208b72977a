using System.Globalization;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>A user of a server: sends, reads and leaves as planned, over the pure core.</summary>
internal sealed class User
{
    /// <summary>Between two turns of giving credit, for a user without haste.</summary>
    public const int CreditEach = 5_000;

    /// <summary>How long the pause is of one that makes a pause, and how long what is read slowly takes.</summary>
    public const int Pause = 16_000;

    /// <summary>Octets a second of one that reads slowly.</summary>
    public const int SlowRate = 8_000;

    /// <summary>After so long a user gives a request up whose end was never to come.</summary>
    public const int Patience = 150_000;

    private const int PauseBegins = 1_000;
    private const int SlowPull = 250;
    private const int GivesUpAfter = 2_000;

    private readonly World _world;
    private readonly Wire _wire;
    private readonly Visit _visit;
    private readonly long _began;
    private readonly Effects _effects = new();
    private readonly Dictionary<uint, int> _owed = [];
    private readonly List<byte> _input = [];
    private ConnectionState _state;
    private bool _isAsleep, _hasLeft, _mayPull = true, _hasSaidAll, _willCredit;

    public User(World world, Wire wire, Visit visit)
    {
        (_world, _wire, _visit, _began) = (world, wire, visit, world.Now);
        Errands = [.. visit.Asks.Select(ask => new Errand(ask))];
        _state = Connection.Open(Role.Client, visit.Options, world.Now, _effects);
        wire.OnOutput = Pull;
        Flush();
        foreach (var errand in Errands)
            world.After(errand.Ask.At, () => Send(errand));
        if (visit.Leaving is Leaving.Suddenly or Leaving.FallingAsleep)
            world.After(visit.LeavesAt, LeaveAtOnce);
        world.After(0, LeaveWhenDone);
    }

    public IReadOnlyList<Errand> Errands { get; }

    /// <summary>Whether it does nothing any more, and hears of nothing.</summary>
    public bool HasGone => _isAsleep || _hasLeft;

    private void Send(Errand errand)
    {
        if (HasGone)
            return;
        var ask = errand.Ask;
        var endStream = ask is { Body: 0, Fate: not Fate.NeverEnds };
        HeaderField[] fields =
        [
            (":method", endStream ? "GET" : "POST"), (":scheme", "http"), (":authority", "test"),
            (":path", new Order(ask.Handling, ask.Answer).Path),
        ];
        if (Connection.SubmitRequest(in _state, fields, endStream, _effects, out var id, out _state) == Refusal.None)
        {
            (errand.Id, errand.Outcome, errand.SentAt) = (id, Outcome.Open, _world.Now);
            SendBody(errand);
            if (ask.Fate == Fate.GivenUp)
                _world.After(GivesUpAfter, () => GiveUp(errand));
            if (ask.Fate == Fate.NeverEnds)
                _world.After(Patience, () => GiveUp(errand));
        }
        else
        {
            errand.SentAt = _world.Now;
            End(errand, Outcome.Lost);
        }
        Flush();
    }

    private void SendBody(Errand errand)
    {
        var ask = errand.Ask;
        if (ask.Fate == Fate.NeverEnds)
            SendPiece(errand, ask.Body / 2, isLast: false);
        else if (ask.Fate != Fate.InPieces && ask.Body > 0)
            SendPiece(errand, ask.Body, isLast: true);
        else if (ask.Body > 0)
        {
            for (var i = 0; i < 4; i++)
            {
                var isLast = i == 3;
                _world.After(i * 1000L, () => SendPiece(errand, isLast ? ask.Body - ask.Body / 4 * 3 : ask.Body / 4, isLast));
            }
        }
    }

    private void SendPiece(Errand errand, int octets, bool isLast)
    {
        if (HasGone || octets == 0)
            return;
        // that the server has reset it meanwhile is no fault
        Connection.SubmitData(in _state, errand.Id, new byte[octets], isLast, _effects, out _state);
        Flush();
    }

    private void GiveUp(Errand errand)
    {
        if (HasGone || errand.IsOver)
            return;
        End(errand, Outcome.GivenUp);
        Connection.SubmitReset(in _state, errand.Id, ErrorCode.Cancel, _effects, out _state);
        Flush();
    }

    private void Pull()
    {
        if (HasGone || !_mayPull)
            return;
        if (_visit.Reading == Reading.WithAPause && _world.Now >= _began + PauseBegins && _world.Now < _began + PauseBegins + Pause)
        {
            PullAfter(_began + PauseBegins + Pause - _world.Now);
            return;
        }
        var isSlow = _visit.Reading == Reading.Slowly;
        _input.AddRange(_wire.Read(isSlow ? SlowRate * SlowPull / 1000 : int.MaxValue));
        Take();
        Flush();
        if (_wire.IsOver)
            Lose();
        else if (isSlow)
            PullAfter(SlowPull);
    }

    private void PullAfter(long milliseconds)
    {
        _mayPull = false;
        _world.After(milliseconds, () =>
        {
            _mayPull = true;
            if (_wire.HasOutput)
                Pull();
        });
    }

    private void Take()
    {
        var octets = _input.ToArray();
        for (var at = 0; ;)
        {
            _state = Connection.Receive(in _state, octets.AsMemory(at), _world.Now, _effects, out var consumed);
            // what an event tells may have the user do more, so they are taken out first
            ConnectionEvent[] events = [.. _effects.Events];
            _effects.Events.Clear();
            foreach (var happened in events)
                Hear(happened);
            at += consumed;
            if (consumed > 0 && at < octets.Length)
                continue;
            _input.RemoveRange(0, at);
            return;
        }
    }

    private void Hear(ConnectionEvent happened)
    {
        switch (happened)
        {
            case ConnectionEvent.ResponseReceived response when Find(response.Id) is { } errand:
                errand.Status = response.Head.Status;
                if (RawClient.Value(response.Head.Fields, "x-octets") is { } read)
                    errand.Read = long.Parse(read, CultureInfo.InvariantCulture);
                if (response.EndStream)
                    End(errand, Outcome.Answered);
                break;
            case ConnectionEvent.DataReceived data:
                HearData(data);
                break;
            case ConnectionEvent.StreamClosed closed when Find(closed.Id) is { } errand:
                errand.Code = closed.Code;
                End(errand, Outcome.Reset);
                break;
        }
    }

    private void HearData(ConnectionEvent.DataReceived data)
    {
        if (_visit.Reading != Reading.WithoutHaste)
        {
            _state = Connection.Consume(in _state, data.Id, data.Data.Length, _effects);
        }
        else
        {
            _owed[data.Id.Value] = _owed.GetValueOrDefault(data.Id.Value) + data.Data.Length;
            CreditLater();
        }
        if (Find(data.Id) is not { } errand)
            return;
        errand.Octets += data.Data.Length;
        if (data.EndStream)
            End(errand, Outcome.Answered);
    }

    private void CreditLater()
    {
        if (_willCredit)
            return;
        _willCredit = true;
        _world.After(CreditEach, () =>
        {
            _willCredit = false;
            if (HasGone)
                return;
            foreach (var (id, octets) in _owed)
                _state = Connection.Consume(in _state, new StreamId(id), octets, _effects);
            _owed.Clear();
            Flush();
        });
    }

    private Errand? Find(StreamId id) => Errands.FirstOrDefault(errand => errand.Outcome == Outcome.Open && errand.Id == id);

    private void End(Errand errand, Outcome outcome)
    {
        (errand.Outcome, errand.EndedAt) = (outcome, _world.Now);
        _world.After(0, LeaveWhenDone);
    }

    private void Flush()
    {
        while (true)
        {
            if (Connection.CanDrain(in _state))
                _state = Connection.Drain(in _state, 1 << 20, _effects);
            _effects.Events.RemoveAll(static happened => happened is ConnectionEvent.DataSent);
            if (_effects.Output.Length == 0)
                break;
            var octets = _effects.Output.WrittenMemory.ToArray();
            _effects.Output.Truncate(0);
            if (!HasGone)
                _wire.Send(octets);
        }
        SayAll();
    }

    // Behind the last octet of the last request.
    private void SayAll()
    {
        if (_hasSaidAll || HasGone || Errands.Any(IsBeingSent))
            return;
        _hasSaidAll = true;
        switch (_visit.Leaving)
        {
            case Leaving.HalfClosing:
                _world.After(0, _wire.Finish);
                break;
            case Leaving.SayingGoodbye:
                _state = Connection.Shutdown(in _state, _world.Now, _effects);
                Flush();
                break;
        }
    }

    private bool IsBeingSent(Errand errand) =>
        errand.Outcome == Outcome.NotSent
        || (errand.Outcome == Outcome.Open && (Connection.Queued(in _state, errand.Id) > 0
            || (errand.Ask.Fate == Fate.InPieces && errand.Ask.Body > 0 && _world.Now <= errand.SentAt + 3_000)));

    private void LeaveWhenDone()
    {
        SayAll();
        if (!_hasLeft && !_isAsleep && _hasSaidAll && Errands.All(errand => errand.IsOver))
            _wire.Finish();
    }

    private void LeaveAtOnce()
    {
        if (_hasLeft)
            return;
        if (_visit.Leaving == Leaving.FallingAsleep)
        {
            _isAsleep = true;
            return;
        }
        Lose();
        _wire.Lose();
    }

    private void Lose()
    {
        _hasLeft = true;
        foreach (var errand in Errands.Where(errand => errand.Outcome == Outcome.Open))
            End(errand, Outcome.Lost);
        // the server may still wait for the end
        _wire.Finish();
    }
}
