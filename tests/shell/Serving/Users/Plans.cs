using System.Globalization;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>How a handler deals with a request.</summary>
internal enum Handling : byte
{
    /// <summary>Answers at once.</summary>
    Now,

    /// <summary>Answers three seconds later.</summary>
    Later,

    /// <summary>Reads the body, and answers with how many octets it had.</summary>
    Reads,

    /// <summary>Looks at the whole body before it takes any of it.</summary>
    Examines,

    /// <summary>Waits for two seconds on the thread that called it.</summary>
    Blocks,

    /// <summary>Throws.</summary>
    Throws,

    /// <summary>Throws three seconds later.</summary>
    ThrowsLater,

    /// <summary>Answers with 404 at once, and reads nothing.</summary>
    Refuses,

    /// <summary>Answers with a body that comes in pieces, half a second between them.</summary>
    Streams,

    /// <summary>Answers with a body whose source fails in the middle.</summary>
    FailsMidway,

    /// <summary>Reads the body piece by piece, and rests for a second behind each.</summary>
    ReadsSlowly,

    /// <summary>Answers with the body as it comes.</summary>
    Echoes,
}

/// <summary>How a user reads.</summary>
internal enum Reading : byte
{
    /// <summary>At once.</summary>
    Briskly,

    /// <summary>8,000 octets a second.</summary>
    Slowly,

    /// <summary>Not at all between the second and the seventeenth second.</summary>
    WithAPause,

    /// <summary>At once, but gives credit only each five seconds.</summary>
    WithoutHaste,

    /// <summary>At once, through windows of 100 octets.</summary>
    ThroughAChink,
}

/// <summary>How a user leaves.</summary>
internal enum Leaving : byte
{
    /// <summary>When all is answered: closes the connection.</summary>
    AtTheEnd,

    /// <summary>Half-closes behind the last request, and reads on.</summary>
    HalfClosing,

    /// <summary>Says GOAWAY behind the last request, reads on and closes when all is answered.</summary>
    SayingGoodbye,

    /// <summary>Has its connection reset after some seconds.</summary>
    Suddenly,

    /// <summary>Reads and sends nothing any more after some seconds, and is still there.</summary>
    FallingAsleep,
}

/// <summary>What becomes of a request.</summary>
internal enum Fate : byte
{
    /// <summary>It is sent completely.</summary>
    Whole,

    /// <summary>The same, in four pieces with a second between them.</summary>
    InPieces,

    /// <summary>It is reset two seconds later.</summary>
    GivenUp,

    /// <summary>Half of its body is sent, and nothing more.</summary>
    NeverEnds,
}

/// <summary>One request.</summary>
/// <param name="At">When it is sent, in milliseconds.</param>
/// <param name="Handling">What its handler does.</param>
/// <param name="Body">How many octets its body has; 0 for none.</param>
/// <param name="Answer">How many octets the body of its answer has.</param>
/// <param name="Fate">What becomes of it.</param>
internal sealed record Ask(long At, Handling Handling, int Body, int Answer, Fate Fate)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"at {At} ms, {Body} octets, a handler that {Handling}, {Answer} octets, {Fate}");
}

/// <summary>What one user does.</summary>
/// <param name="Reading">How it reads.</param>
/// <param name="Leaving">How it leaves.</param>
/// <param name="LeavesAt">When, if that is its own decision, in milliseconds.</param>
/// <param name="Asks">What it asks for.</param>
internal sealed record Visit(Reading Reading, Leaving Leaving, long LeavesAt, IReadOnlyList<Ask> Asks)
{
    /// <summary>What its connection is opened with.</summary>
    public ConnectionOptions Options => Reading == Reading.ThroughAChink
        ? ConnectionOptions.Default with { InitialStreamWindow = 100 }
        : ConnectionOptions.Default;

    /// <summary>Whether all answers fit into the windows that it opens with.</summary>
    public bool FitsItsWindows => Asks.All(ask => Most(ask) <= Options.InitialStreamWindow) && Asks.Sum(Most) <= Options.InitialConnectionWindow;

    public override string ToString() => $"reads {Reading}, leaves {Leaving} ({LeavesAt} ms):\n    {string.Join("\n    ", Asks)}";

    private static long Most(Ask ask) => Math.Max(ask.Answer, ask.Body) + 100;
}

/// <summary>What all users of a server do, made of octets; fewer and smaller octets make a simpler plan.</summary>
/// <param name="Window">The window of a request's body.</param>
/// <param name="Room">How many octets wait in the kernels for a user.</param>
/// <param name="CallsBack">Whether requests are handled by callbacks, or by a delegate.</param>
/// <param name="TellsReadiness">Whether reads may wait without a buffer.</param>
/// <param name="AsksForLife">Whether silent users are asked whether they are there.</param>
/// <param name="Visits">The users.</param>
internal sealed record Plan(int Window, int Room, bool CallsBack, bool TellsReadiness, bool AsksForLife, IReadOnlyList<Visit> Visits)
{
    private static readonly int[] Sizes = [0, 1, 100, 5_000, 16_384, 70_000, 300_000, 1_000_000];
    private static readonly int[] Times = [0, 1, 50, 1_000, 2_500, 4_000, 10_000, 30_000];
    private static readonly int[] Rooms = [64 * 1024, 2_000, 8 * 1024, 256 * 1024];

    public static Plan Of(byte[] script)
    {
        var at = 0;
        var server = Next();
        var users = 1 + Next() % 3;
        var visits = new List<(Reading, Leaving, long, List<Ask> Asks)>();
        for (var i = 0; i < users; i++)
            visits.Add(((Reading)(Next() % 5), (Leaving)(Next() % 5), Times[Next() % 8], []));
        while (at < script.Length)
        {
            var (who, sizes, when) = (Next(), Next(), Next());
            visits[who / 12 % users].Asks.Add(new Ask(
                Times[when / 4 % 8], (Handling)(who % 12), Sizes[sizes % 8], Sizes[sizes / 8 % 8], (Fate)(when % 4)));
        }
        // where both ends may keep silent, only a question shows that one of them sleeps
        var asksForLife = (server & 32) != 0
            || visits.Exists(static visit => visit.Item2 == Leaving.FallingAsleep && visit.Asks.Exists(static ask => ask.Handling == Handling.Echoes));
        return new Plan(
            (server & 1) == 0 ? 256 * 1024 : 16_384,
            // behind more than this a question would come too late to who reads slowly
            Math.Min(Rooms[server / 2 % 4], asksForLife ? 64 * 1024 : int.MaxValue), (server & 8) != 0, (server & 16) != 0, asksForLife,
            [.. visits.Select(visit => new Visit(visit.Item1, visit.Item2, visit.Item3, [.. visit.Asks.OrderBy(ask => ask.At)]))]);

        int Next() => at < script.Length ? script[at++] : 0;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"window {Window}, room {Room}, {(CallsBack ? "callbacks" : "delegate")}{(TellsReadiness ? ", readiness" : "")}{(AsksForLife ? ", keep-alive" : "")}")
        + string.Concat(Visits.Select((visit, i) => $"\n  user {i + 1} {visit}"));
}
