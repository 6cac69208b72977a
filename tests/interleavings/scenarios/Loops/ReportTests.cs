using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>Reports that a thread took, and that others take from it; tokens whose connection is gone.</summary>
public sealed class ReportTests(ITestOutputHelper output) : Scenarios(output)
{
    [Fact]
    public void Each_report_of_a_batch_is_taken_once() => Explore(
        static scenario =>
        {
            var batch = new ReadyBatch();
            var taken = new List<ulong>();
            void Take()
            {
                while (batch.TryTake(out var report))
                    taken.Add(report.Token);
            }
            scenario.Run("owner", () =>
            {
                batch.Fill([new ReadyReport(1, 1), new ReadyReport(1, 2)], 0);
                Take();
                batch.Fill([new ReadyReport(1, 3), new ReadyReport(1, 4)], 0);
                Take();
            });
            scenario.Run("thief", Take);
            scenario.Run("other thief", Take);
            scenario.WaitForAll();
            scenario.Check(taken.Order().SequenceEqual(new ulong[] { 1, 2, 3, 4 }), $"Taken: {string.Join(' ', taken)}.");
        },
        preemptions: 2);

    [Fact]
    public void A_token_finds_what_it_stands_for_or_nothing() => Explore(
        static scenario =>
        {
            var table = new SourceTable();
            Source first = new(), second = new(), third = new();
            var token = table.Add(first);
            ulong later = 0, last = 0;
            scenario.Run("closes", () =>
            {
                table.Remove(token);
                table.Remove(token);
                later = table.Add(second);
            });
            scenario.Run("accepts", () => last = table.Add(third));
            scenario.Run("reports", () =>
            {
                var found = table.Find(token);
                scenario.Check(found is null || found == first, "A token of a connection that is gone finds another one.");
            });
            scenario.WaitForAll();
            scenario.Check(table.Find(later) == second && table.Find(last) == third, "A connection is not found by its token.");
        },
        preemptions: 3);

    private sealed class Source : IReadiness
    {
        private WorkHistory _history;

        public WorkWeight Weight => _history.Weight;

        public void Note(WorkWeight seen) => _history.Note(seen);

        public void OnReady(uint events)
        {
            // only found
        }
    }
}
