using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// The thread that stands in while all others are held: what is queued is done or put aside once, whether it or a thread that comes back finds
/// it, and neither waits for the other.
/// </summary>
public sealed class StandingInTests(ITestOutputHelper output) : Scenarios(output)
{
    [Fact]
    public void What_is_queued_while_a_thread_comes_back_is_done_once() => ExploreDelays(
        static scenario =>
        {
            var held = new HeldLoops(scenario);
            var (brief, other) = (new Work(mayRunOnStandby: true), new Work(mayRunOnStandby: false));
            held.Queue.Add(brief, []);
            scenario.Run("stands in", held.Standby.Run);
            scenario.Run("watch", held.SayThatNobodyServes);
            scenario.Run("adds", () => held.Queue.Add(other, []));
            scenario.Run("comes back", () =>
            {
                scenario.WaitUntil("the work that may be done there", () => brief.Runs > 0);
                held.ComeBack();
                while (other.Runs == 0)
                {
                    if (held.Queue.TryTake(out var work, []) || TryTakeLeft(held, out work))
                        work.Execute();
                    else
                        scenario.Pause(1);
                }
                held.End();
            });
            scenario.WaitForAll();
            scenario.Check(brief.Runs == 1 && other.Runs == 1, $"Work was done {brief.Runs} times and {other.Runs} times.");
            scenario.Check(!held.Queue.TryTake(out _, []) && !held.Crew.TryTakeLeft(out _), "Work is left.");
        },
        delays: 2);

    [Fact]
    public void The_end_is_heard_whenever_it_comes() => ExploreDelays(
        static scenario =>
        {
            var held = new HeldLoops(scenario);
            var other = new Work(mayRunOnStandby: false);
            held.Crew.PutAside(new PendingWork(other, default), WorkWeight.Waits);
            scenario.Run("stands in", held.Standby.Run);
            scenario.Run("watch", held.SayThatNobodyServes);
            scenario.Run("ends", held.End);
            scenario.WaitForAll();
            scenario.Check(other.Runs == 0, "Work that calls handlers was done by the thread that stands in.");
            scenario.Check(held.Crew.TryTakeLeft(out var left) && left.Work == other, "Work that was put aside is lost.");
            scenario.Check(!held.Crew.TryTakeLeft(out _), "Work that was put aside lies there twice.");
        },
        delays: 2);

    private static bool TryTakeLeft(HeldLoops held, out IThreadPoolWorkItem work)
    {
        work = null!;
        if (!held.Crew.TryTakeLeft(out var left))
            return false;
        work = left.Work!;
        return true;
    }

    // One thread that serves, and is held; the scenario plays it.
    private sealed class HeldLoops : IReportSource
    {
        private readonly Scenario _scenario;
        private readonly LoopWorker _worker;

        public HeldLoops(Scenario scenario)
        {
            _scenario = scenario;
            LoopWorker? worker = null;
            var settings = new LoopSettings(1) { Limit = 1, Spare = 0, System = new PlayedSystem() };
            Crew = new LoopCrew(settings, begun => worker = begun, static () => { }, static () => { });
            Crew.TryMake();
            _worker = worker!;
            _worker.BeginWork();
            Crew.Look(scenario.Now);
            Crew.Look(scenario.Now + WorkJudge.ComputingAfter);
            scenario.Check(!Crew.HasServing, "The thread is not held.");
            Standby = new StandbyLoop(Crew, this, Queue, new SourceTable(), failure => scenario.Check(isSo: false, $"{failure}"));
        }

        public LoopCrew Crew { get; }

        public RunQueue Queue { get; } = new(static () => { }, static _ => { });

        public StandbyLoop Standby { get; }

        public void SayThatNobodyServes()
        {
            Standby.Look(_scenario.Now);
            Standby.Look(_scenario.Now + StandbyLoop.After);
        }

        public void ComeBack()
        {
            _worker.EndWork();
            _scenario.Check(Crew.Next(_worker, out _) == NextDuty.Serve, "The thread that comes back does not serve.");
        }

        public void End()
        {
            Crew.TryEnd();
            Standby.End();
        }

        public int Wait(Span<ReadyReport> reports, int milliseconds)
        {
            _scenario.Pause(milliseconds);
            return 0;
        }
    }

    // Threads begin at once, and do nothing.
    private sealed class PlayedSystem : LoopSystem
    {
        internal override bool TryStart(Action work, string name)
        {
            work();
            return true;
        }
    }

    private sealed class Work(bool mayRunOnStandby) : IStandbyWork
    {
        public int Runs { get; private set; }

        public bool MayRunOnStandby => mayRunOnStandby;

        public void Execute() => Runs++;
    }
}
