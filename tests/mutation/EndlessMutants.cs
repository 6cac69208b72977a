using System.Diagnostics;
using System.Globalization;

namespace Http2.Mutation;

/// <summary>
/// Finds the mutants that never end, by the processor time that a test takes and not by the clock, so that a busy or slow machine finds the same
/// ones. A test that takes many times the processor time that it takes without a mutant ends the process, which notes that in a file; Stryker
/// then starts another process and repeats the run. When the same mutant runs out of time once more, the run after that fails, and the mutant
/// counts as killed by that test.
/// </summary>
internal static class EndlessMutants
{
    // How often a mutant must run out of time.
    private const int Proofs = 2;

    private const int LookEachMilliseconds = 100;

    private static readonly Lock Gate = new();
    private static string? _test;
    private static TimeSpan _until;
    private static bool _watches;

    private static string NoteFile => TestHost.MutantFile + ".endless";

    /// <summary>The test in which the active mutant was found not to end, or null.</summary>
    internal static string? ProvenBy => Note() is (Proofs, var test) ? test : null;

    /// <summary>A test begins.</summary>
    internal static void Begin(string test)
    {
        if (TestHost.Mutant is null or TestHost.NoMutant)
            return;
        lock (Gate)
        {
            (_test, _until) = (test, Environment.CpuUsage.TotalTime + TestTimes.LimitOf(test));
            if (_watches)
                return;
            _watches = true;
            new Thread(Watch) { IsBackground = true, Name = "endless-mutants", Priority = ThreadPriority.AboveNormal }.Start();
        }
    }

    /// <summary>The test has ended.</summary>
    internal static void End()
    {
        lock (Gate)
            _test = null;
    }

    private static void Watch()
    {
        while (true)
        {
            Thread.Sleep(LookEachMilliseconds);
            lock (Gate)
            {
                if (_test is null || Environment.CpuUsage.TotalTime < _until)
                    continue;
                File.WriteAllText(NoteFile, string.Create(CultureInfo.InvariantCulture, $"{TestHost.Mutant} {Note().Times + 1} {_test}"));
                Process.GetCurrentProcess().Kill();
            }
        }
    }

    private static (int Times, string? Test) Note()
    {
        if (TestHost.Mutant is not { } mutant || !File.Exists(NoteFile))
            return default;
        var parts = File.ReadAllText(NoteFile).Split(' ', 3);
        return parts[0] == mutant.ToString(CultureInfo.InvariantCulture) ? (int.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]) : default;
    }
}

/// <summary>How long each test takes without a mutant, as Stryker's look at coverage finds it, and how long it may take.</summary>
internal static class TestTimes
{
    // How many times a test's own time it may take, and how long whatever its own time is. It is wall time that is kept, which is never less than
    // the processor time of a test, since the tests run one at a time.
    private const int Times = 40;

    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(3);

    private static readonly string KeptIn = Path.Combine(AppContext.BaseDirectory, "test-times.txt");

    private static readonly Lazy<Dictionary<string, double>> Kept = new(Read);

    /// <summary>Keeps the time of a test, in seconds.</summary>
    internal static void Keep(string test, decimal seconds) =>
        File.AppendAllText(KeptIn, string.Create(CultureInfo.InvariantCulture, $"{test} {seconds}\n"));

    /// <summary>The processor time that a test may take.</summary>
    internal static TimeSpan LimitOf(string test) => AtLeast + TimeSpan.FromSeconds(Times * Kept.Value.GetValueOrDefault(test));

    private static Dictionary<string, double> Read() =>
        (File.Exists(KeptIn) ? File.ReadLines(KeptIn) : [])
            .Select(static line => line.Split(' '))
            .Where(static parts => parts.Length == 2)
            .GroupBy(static parts => parts[0], static parts => double.Parse(parts[1], CultureInfo.InvariantCulture))
            .ToDictionary(static times => times.Key, static times => times.Max());
}
