using System.Diagnostics;
using System.Text;
using Http2.Pure;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A server with its users, from the first of them to the last, and what must be so behind that.</summary>
internal sealed class Stay
{
    // Longer than all deadlines of the page of limits together, for those that were never heard of again.
    private const long LongestSilence = 10 * 60_000;

    // The way there and back, and whatever turns take.
    private const long Slack = 1_000;

    // What is behind by more than this is not coming.
    private static readonly TimeSpan LateThreads = TimeSpan.FromSeconds(3);

    private readonly Plan _plan;
    private readonly World _world = new();
    private readonly TestLog _log = new();
    private readonly ServerHost _host;
    private readonly List<User> _users = [];

    public Stay(Plan plan)
    {
        _plan = plan;
        var options = new Http2ServerOptions { TimeProvider = _world, LoggerFactory = _log };
        options = options with
        {
            Connection = options.Connection with
            {
                InitialStreamWindow = plan.Window, KeepAliveInterval = plan.AsksForLife ? TimeSpan.FromSeconds(30) : TimeSpan.Zero,
            },
        };
        _host = plan.CallsBack
            ? new ServerHost(options, () => new CalledBackService(_world))
            : new ServerHost(options, static () => new Http2Request()) { Handler = new Service(_world).AnswerAsync };
        _host.Engine.Scheduler = _world.Scheduler;
    }

    /// <summary>All that users have asked for, with what came of it.</summary>
    public IEnumerable<(Visit Visit, Errand Errand)> Errands =>
        _plan.Visits.Zip(_users).SelectMany(pair => pair.Item2.Errands.Select(errand => (pair.Item1, errand)));

    /// <summary>Has the users come, and looks at what came of it.</summary>
    public Stay Run()
    {
        for (var i = 0; i < _plan.Visits.Count; i++)
        {
            var wire = new Wire(_world, _plan.Room, _plan.TellsReadiness);
            Assert.True(_host.Connections.TryReserve(_plan.Visits.Count));
            var connection = new Http2Connection(_host.Engine, wire, new Http2ConnectionInfo(i + 1, null, null));
            connection.Start(new ServingRole(connection, _host, null), default);
            _users.Add(new User(_world, wire, _plan.Visits[i]));
        }
        var isOver = _world.RunUntil(IsOver, LongestSilence + LongestAllowance());
        // tokens are cancelled on threads of the pool, which know no virtual time: what that leads to may be still to come
        for (var wait = Stopwatch.StartNew(); !isOver && wait.Elapsed < LateThreads;)
            isOver = SpinWait.SpinUntil(() => _world.HasWork, 10) && _world.RunUntil(IsOver, Slack);
        Check(isOver, $"{Held()} are held, and {_users.Count(static user => !user.HasGone)} users wait.");
        foreach (var (visit, errand) in Errands)
            Judge(visit, errand);
        foreach (var line in _log.Lines.Where(static line => line.Level == LogLevel.Critical))
            Check(isSo: false, line.Text);
        return this;
    }

    /// <summary>Runs a plan on a thread with room for handlers that block inside of one another.</summary>
    public static Stay Run(Plan plan)
    {
        Stay? stay = null;
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    stay = new Stay(plan).Run();
                }
                catch (Exception thrown)
                {
                    failure = thrown;
                }
            },
            maxStackSize: 64 << 20);
        thread.Start();
        thread.Join();
        return failure is null ? stay! : throw new InvalidOperationException(failure.Message, failure);
    }

    private bool IsOver() => Held() == default && _users.TrueForAll(static user => user.HasGone);

    private (int Connections, int Handlers, int Buffers, int Timers, long Memory) Held()
    {
        var resources = _host.Engine.Resources;
        return (_host.Connections.Count, resources.UserWork, resources.Buffers, resources.Timers, _host.Engine.Memory.Held);
    }

    private void Judge(Visit visit, Errand errand)
    {
        if (visit.Leaving is Leaving.Suddenly or Leaving.FallingAsleep || errand.Ask.Fate == Fate.GivenUp)
            return;
        // a request that the end of the user's side has cut, or given up by one that reads slowly, and so hears of it late
        if (errand.Ask.Fate == Fate.NeverEnds
            && (visit.Leaving == Leaving.HalfClosing || (visit.Reading == Reading.Slowly && errand.Outcome == Outcome.GivenUp)))
            return;
        var ask = errand.Ask;
        // its credit waits in its own kernel, behind what it reads slowly, and the server takes it for slow
        if (visit.Reading == Reading.Slowly && ask.Body > 0 && errand is { Outcome: Outcome.Reset, Code: ErrorCode.EnhanceYourCalm })
            return;
        var reads = ask.Handling is Handling.Reads or Handling.Examines or Handling.ReadsSlowly or Handling.Echoes;
        if (ask.Fate == Fate.NeverEnds && reads)
        {
            // a delegate that echoes has begun to answer, and then nothing is owed
            var isEcho = ask.Handling == Handling.Echoes && !_plan.CallsBack;
            Check(isEcho || errand.Outcome is Outcome.Reset or Outcome.Lost, $"Nobody was told that a body does not come: {errand}.");
            return;
        }
        // who has ended its side can give no credit any more
        if (visit.Leaving == Leaving.HalfClosing && !visit.FitsItsWindows && errand is { Outcome: Outcome.Reset, Code: ErrorCode.Cancel })
            return;
        if (ask.Handling == Handling.FailsMidway)
            Check(errand.Outcome == Outcome.Reset, $"Nobody was told that an answer ends in its midst: {errand}.");
        else
            JudgeAnswer(errand);
        var took = errand.EndedAt - errand.SentAt;
        Check(took <= Allowance(visit, ask), $"It took longer than {Allowance(visit, ask)} ms: {errand}.");
    }

    private void JudgeAnswer(Errand errand)
    {
        var ask = errand.Ask;
        var (status, octets) = ask.Handling switch
        {
            Handling.Throws or Handling.ThrowsLater => (500, -1),
            Handling.Refuses => (404, ask.Answer),
            Handling.Echoes => (200, ask.Body),
            _ => (200, ask.Answer),
        };
        Check(errand.Outcome == Outcome.Answered && errand.Status == status, $"It was not answered with {status}: {errand}.");
        Check(octets < 0 || errand.Octets == octets, $"The answer does not have {octets} octets: {errand}.");
        Check(errand.Read < 0 || errand.Read == ask.Body, $"The handler has read {errand.Read} octets: {errand}.");
    }

    // What a handler takes, what the user takes to send and to read, and what other handlers may keep it from going on, on a thread that they share.
    private long Allowance(Visit visit, Ask ask)
    {
        var handlers = ask.Handling switch
        {
            Handling.Later or Handling.ThrowsLater => Order.Moment,
            // a rest behind each read, and the least that a read brings is what one frame does
            Handling.ReadsSlowly => Order.Rest * (2 + ask.Body / 1_000L),
            // pieces are cut where a buffer ends, and those of many bodies may be small
            Handling.Streams or Handling.FailsMidway => Order.BetweenPieces * (10L + ask.Answer / 1_000),
            _ => 0L,
        };
        var blocked = _plan.Visits.Sum(static all => all.Asks.Count(static one => one.Handling == Handling.Blocks)) * (long)Order.Blocked;
        var upload = ask.Fate == Fate.InPieces ? 3_000 : 0;
        return Slack + handlers + blocked + upload + Transfer(visit);
    }

    // All answers of a connection share what the user reads.
    private static long Transfer(Visit visit)
    {
        var octets = visit.Asks.Sum(static ask => (long)ask.Answer + (ask.Handling == Handling.Echoes ? ask.Body : 0) + 200);
        return visit.Reading switch
        {
            Reading.Slowly => 2_000 + 2 * octets * 1_000 / User.SlowRate,
            Reading.WithAPause => User.Pause,
            Reading.WithoutHaste => User.CreditEach * (1 + octets / 65_535),
            _ => 0,
        };
    }

    private long LongestAllowance() =>
        User.Patience + _plan.Visits.SelectMany(visit => visit.Asks.Select(ask => ask.At + Allowance(visit, ask))).DefaultIfEmpty().Max();

    private void Check(bool isSo, string otherwise)
    {
        if (isSo)
            return;
        var story = new StringBuilder(otherwise).AppendLine().AppendLine($"{_plan}").AppendLine("What came of it:");
        foreach (var (_, errand) in Errands)
            story.AppendLine($"  {errand}");
        foreach (var (level, id, text) in _log.Lines)
            story.AppendLine($"  {level} {id} {text}");
        Assert.Fail(story.ToString());
    }
}
