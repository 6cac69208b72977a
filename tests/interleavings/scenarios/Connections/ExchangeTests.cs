using Http2.Shell;
using Xunit;

namespace Http2.Interleavings;

/// <summary>
/// A connection with its core and a client: answers from other threads, bodies that are read by other threads, resets and the end of the
/// connection at any moment. Each request is answered or told once, credit comes back, and nothing is held afterwards.
/// </summary>
public sealed class ExchangeTests(ITestOutputHelper output) : Scenarios(output)
{
    private static readonly Http2Response Answer = new(200);

    [Fact]
    public void Answers_from_other_threads_are_sent_once_each() => ExploreDelays(
        static scenario =>
        {
            var answers = new List<TaskCompletionSource<Http2Response>>();
            var served = new ServedConnection(scenario, _ =>
            {
                var answer = new TaskCompletionSource<Http2Response>();
                answers.Add(answer);
                return new(answer.Task);
            });
            served.Request(1, hasBody: false);
            scenario.Run("first handler", () => answers[0].SetResult(Answer));
            scenario.Run("second handler", () =>
            {
                scenario.WaitUntil("the second request", () => answers.Count > 1);
                answers[1].SetResult(Answer);
            });
            scenario.Run("client", () => served.Request(3, hasBody: false));
            scenario.WaitForAll();
            scenario.Check(served.Count(1, 1) == 1 && served.Count(1, 3) == 1, $"{served.Count(1, 1)} and {served.Count(1, 3)} answers were sent.");
            served.CheckNothingIsHeld();
        },
        delays: 2);

    [Fact]
    public void A_body_that_another_thread_reads_comes_whole_and_is_credited() => ExploreDelays(
        static scenario =>
        {
            const int Part = 12_000;
            Http2Request? request = null;
            var answer = new TaskCompletionSource<Http2Response>();
            var served = new ServedConnection(scenario, asked =>
            {
                request = asked;
                return new(answer.Task);
            });
            served.Request(1, hasBody: true);
            var read = 0;
            scenario.Run("reader", () =>
            {
                using var body = request!.BodyStream;
                var buffer = new byte[5000];
                for (int octets; (octets = body.Read(buffer)) > 0;)
                    read += octets;
                answer.SetResult(Answer);
            });
            scenario.Run("client", () =>
            {
                served.Data(1, Part, isLast: false);
                served.Data(1, Part, isLast: false);
                served.Data(1, 10, isLast: true);
            });
            scenario.WaitForAll();
            scenario.Check(read == 2 * Part + 10, $"{read} octets were read.");
            scenario.Check(served.IsAnswered(1), "The request was not answered.");
            served.CheckNothingIsHeld();
        },
        delays: 1);

    [Fact]
    public void A_reset_while_the_body_is_read_and_answered_is_told_once() => ExploreDelays(
        static scenario =>
        {
            Http2Request? request = null;
            var answer = new TaskCompletionSource<Http2Response>();
            var (aborted, ended) = (0, 0);
            var served = new ServedConnection(scenario, asked =>
            {
                request = asked;
                return new(answer.Task);
            });
            served.Request(1, hasBody: true);
            scenario.Run("reader", () =>
            {
                request!.Aborted.UnsafeRegister(_ => aborted++, null);
                try
                {
                    var buffer = new byte[100];
                    using var body = request.BodyStream;
                    while (body.Read(buffer) > 0)
                    {
                    }
                }
                catch (Http2StreamClosedException)
                {
                    ended++;
                }
                answer.SetResult(Answer);
            });
            scenario.Run("client", () =>
            {
                served.Data(1, 10, isLast: false);
                served.Reset(1);
            });
            Task? closed = null;
            scenario.Run("waits for the end", () => closed = request!.Closed);
            scenario.WaitForAll();
            scenario.Check(ended == 1 && aborted == 1, $"The reader was told {ended} times, its token was cancelled {aborted} times.");
            scenario.Check(closed is { IsCompleted: true }, "Who waits for the end of the stream was not told.");
            served.CheckNothingIsHeld();
        },
        delays: 1);

    [Fact]
    public void A_handler_that_is_left_behind_reads_on_and_answers() => ExploreDelays(
        static scenario =>
        {
            var (read, hasBegun) = (0, false);
            var served = new ServedConnection(scenario, request =>
            {
                hasBegun = true;
                using var body = request.BodyStream;
                var buffer = new byte[100];
                for (int octets; (octets = body.Read(buffer)) > 0;)
                    read += octets;
                return new(Answer);
            });
            scenario.Run("client", () => served.Request(1, hasBody: true));
            scenario.Run("later", () =>
            {
                scenario.WaitUntil("the request", () => hasBegun);
                served.Data(1, 10, isLast: true);
            });
            scenario.Run("watch", () => served.TakeAway());
            scenario.WaitUntil("the answer", () => served.IsAnswered(1));
            scenario.Check(read == 10, $"{read} octets were read.");
            served.CheckNothingIsHeld();
        },
        delays: 1);

    [Fact]
    public void A_body_that_is_sent_gives_its_buffers_back_whenever_the_connection_ends() => ExploreDelays(
        static scenario =>
        {
            var (asked, given) = (0, 0);
            GeneratedBody? body = null;
            var served = new ServedConnection(scenario, _ =>
            {
                body = ResponseBody.Generate(room =>
                {
                    scenario.Check(++given == 1, "Two fill a body at once.");
                    scenario.Step("fills a buffer");
                    given--;
                    return asked++ % 2 == 0 ? BodyRead.Deferred : BodyRead.Data(Math.Min(room.Length, 3000));
                });
                return new(new Http2Response(200, body: body));
            });
            served.Transport.HoldsWrites = true;
            served.Request(1, hasBody: false);
            scenario.Run("source", () =>
            {
                body!.Resume();
                body.Resume();
            });
            scenario.Run("client", served.Transport.Take);
            scenario.Run("resets", () => served.Reset(1));
            scenario.WaitForAll();
            served.CheckNothingIsHeld();
        },
        delays: 1);
}
