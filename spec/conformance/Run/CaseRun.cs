using System.Collections.Immutable;
using System.Diagnostics;

namespace Http2.Conformance;

/// <summary>Carries a case out and turns what comes of it into a result.</summary>
internal static class CaseRun
{
    /// <summary>Carries a case out once.</summary>
    /// <param name="case">The case.</param>
    /// <param name="speaker">The end of the connection that the case speaks through.</param>
    /// <param name="body">The case's conversation.</param>
    /// <returns>The result, and whether only a measured value was exceeded, so that another try may pass.</returns>
    public static async Task<(CaseResult Result, bool MayPass)> JudgeAsync(ConformanceCase @case, Speaker speaker, Func<Task> body)
    {
        var options = speaker.Options;
        if (options.Edition != Edition.Both && @case.Edition != Edition.Both && @case.Edition != options.Edition)
        {
            var other = @case.Edition == Edition.Rfc7540 ? "RFC 7540" : "RFC 9113 or a younger RFC";
            return (new CaseResult(@case, Verdict.Skipped, default, [], $"only {other} asks for it", []), false);
        }
        var started = Stopwatch.GetTimestamp();
        var (verdict, expected, actual, mayPass) = await JudgeAsync(body, speaker.Cancellation).ConfigureAwait(false);
        var keep = verdict == Verdict.Failed || options.Verbose;
        var result = new CaseResult(@case, verdict, Stopwatch.GetElapsedTime(started), expected, actual, keep ? speaker.Trace.ToLines() : [])
        {
            ExpectedToFail = Selector.MatchesAny(options.ExpectedFailures, @case),
            Measured = [.. speaker.Measured],
        };
        return (result, mayPass);
    }

    private static async Task<(Verdict Verdict, ImmutableArray<string> Expected, string Actual, bool MayPass)> JudgeAsync(
        Func<Task> body, CancellationToken cancellation)
    {
        try
        {
            await body().ConfigureAwait(false);
            return (Verdict.Passed, [], "", false);
        }
        catch (CaseFailedException failed)
        {
            return (Verdict.Failed, failed.Expected, failed.Actual, failed is MeasureExceededException);
        }
        catch (CaseSkippedException skipped)
        {
            return (Verdict.Skipped, [], skipped.Message, false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return (Verdict.Failed, ["the case to come to an end"], $"{exception.GetType().Name}: {exception.Message}", false);
        }
    }
}
