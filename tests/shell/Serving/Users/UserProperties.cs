using System.Diagnostics;
using System.Globalization;
using FsCheck.Xunit;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>
/// Users of a whole server in memory, in virtual time: they are slow, pause, keep credit back, give up, half-close, fall asleep or go away, and
/// handlers read, examine, block, fail and answer late. Every request of a user that stays is answered as it asked for, or told that it is not,
/// within what its handler and its user take, whatever the others do; and when all have gone nothing is held.
/// </summary>
/// <remarks>The variable HTTP2SPEC_USERS_SECONDS says for how long plans are made by chance; a failure names the seed of its plan.</remarks>
public sealed class UserProperties(ITestOutputHelper output)
{
    private const int LongestScript = 120;

    private static readonly double Seconds =
        double.TryParse(Environment.GetEnvironmentVariable("HTTP2SPEC_USERS_SECONDS"), CultureInfo.InvariantCulture, out var value) ? value : 2;

    [Property(MaxTest = 60)]
    public void Every_request_is_answered_or_told_in_time_and_nothing_is_held(byte[] script) => Stay.Run(Plan.Of(script));

    [Theory]
    [InlineData("480000c7000000000066")]
    public void So_it_is_in_plans_that_have_failed_before(string script) => Stay.Run(Plan.Of(Convert.FromHexString(script)));

    [Fact]
    public void So_it_is_for_long()
    {
        var clock = Stopwatch.StartNew();
        var (stays, answered, others) = (0, 0, 0);
        var seed = Seconds > 10 ? Random.Shared.Next() : 1;
        for (; clock.Elapsed.TotalSeconds < Seconds; seed++, stays++)
        {
            var script = ScriptOf(seed);
            try
            {
                foreach (var (_, errand) in Stay.Run(Plan.Of(script)).Errands)
                {
                    answered += errand.Outcome == Outcome.Answered ? 1 : 0;
                    others += errand.Outcome == Outcome.Answered ? 0 : 1;
                }
            }
            catch (InvalidOperationException failure)
            {
                Assert.Fail($"seed {seed}: {Shortened(script, failure.Message)}");
            }
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stays} plans, {answered} requests answered, {others} that were not to be"));
    }

    private static byte[] ScriptOf(int seed)
    {
        var random = new Random(seed);
        var script = new byte[random.Next(LongestScript)];
        random.NextBytes(script);
        return script;
    }

    // What is left of a script that fails, with fewer requests and smaller octets, as a plan.
    private static string Shortened(byte[] script, string failure)
    {
        for (var isShorter = true; isShorter;)
        {
            isShorter = false;
            foreach (var simpler in Simpler(script))
            {
                if (FailureOf(simpler) is not { } still)
                    continue;
                (script, failure, isShorter) = (simpler, still, true);
                break;
            }
        }
        return $"script {Convert.ToHexStringLower(script)}\n{failure}";
    }

    private static IEnumerable<byte[]> Simpler(byte[] script)
    {
        for (var at = 0; at + 3 <= script.Length; at++)
            yield return [.. script[..at], .. script[(at + 3)..]];
        for (var at = 0; at < script.Length; at++)
        {
            if (script[at] != 0)
                yield return [.. script[..at], 0, .. script[(at + 1)..]];
        }
    }

    private static string? FailureOf(byte[] script)
    {
        try
        {
            Stay.Run(Plan.Of(script));
            return null;
        }
        catch (InvalidOperationException failure)
        {
            return failure.Message;
        }
    }
}
