using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>
/// Changes recordings: leaves inputs out, doubles or moves them, takes some from another recording, makes up frames, and alters octets of frames.
/// </summary>
internal sealed class RecordingMutator(Random random)
{
    private static readonly uint[] Edges =
        [0, 1, 2, 8, 99, 100, 16383, 16384, 16385, 65535, 65536, 0xffffff, 0x7ffffffe, 0x7fffffff, 0x80000000, 0xffffffff];

    private readonly FrameMutator _frames = new(random);

    /// <summary>Makes one to four changes to a recording.</summary>
    public Recording Mutate(Recording recording, Recording other)
    {
        var inputs = recording.Inputs;
        for (var changes = random.Next(1, 5); changes > 0; changes--)
            inputs = Change(inputs, other.Inputs);
        return recording with { Inputs = inputs };
    }

    private ImmutableArray<Input> Change(ImmutableArray<Input> inputs, ImmutableArray<Input> other)
    {
        var at = random.Next(inputs.Length + 1);
        if (inputs.Length == 0 || at == inputs.Length)
            return inputs.Insert(at, MakeUp(inputs));
        return random.Next(10) switch
        {
            0 => inputs.RemoveAt(at),
            1 => inputs.Insert(at, inputs[random.Next(inputs.Length)]),
            2 when other.Length > 0 => inputs.Insert(at, other[random.Next(other.Length)]),
            3 when other.Length > 0 => [.. inputs[..at], .. other[random.Next(other.Length)..]],
            4 => Swap(inputs, at, random.Next(inputs.Length)),
            5 or 6 => inputs.Insert(at, MakeUp(inputs)),
            _ => inputs.SetItem(at, Alter(inputs[at])),
        };
    }

    private static ImmutableArray<Input> Swap(ImmutableArray<Input> inputs, int a, int b) =>
        inputs.SetItem(a, inputs[b]).SetItem(b, inputs[a]);

    private Input MakeUp(ImmutableArray<Input> inputs)
    {
        var now = inputs.OfType<Input.Received>().LastOrDefault()?.Now ?? 1;
        if (random.Next(3) > 0)
            return new Input.Received(_frames.MakeUp(), now + (random.Next(4) == 0 ? random.Next(40_000) : 0));
        var id = Id();
        return random.Next(15) switch
        {
            0 => new Input.SubmitResponse(id, Head(200), Body(), Coin()),
            1 => new Input.SubmitInformational(id, Head(103)),
            2 => new Input.SubmitData(id, Body(), Coin()),
            3 => new Input.SubmitTrailers(id, [("x-t", "1")]),
            4 => new Input.SubmitPush(id, [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")]),
            5 => new Input.SubmitRequest([(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")], Coin()),
            6 => new Input.SubmitReset(id, (ErrorCode)random.Next(16)),
            7 => new Input.Drain(Coin() ? int.MaxValue : random.Next(100_000)),
            8 => new Input.Consume(id, (int)Edge()),
            9 => new Input.Retire(id),
            13 => new Input.SubmitPriority(id, Coin() ? "u=1" : "\n"),
            10 => new Input.Tick(now + random.Next(200_000)),
            12 => new Input.SetDate(Coin() ? null : new HeaderField("date", Coin() ? "now" : "a\nb")),
            11 => new Input.SubmitSettings([new((SettingId)random.Next(1, 10), Edge())], now),
            _ => random.Next(5) switch
            {
                0 => new Input.EndOfInput(),
                4 => new Input.Disconnected(),
                1 => new Input.Abort((ErrorCode)random.Next(16)),
                2 => new Input.SubmitPing(Edge()),
                3 => new Input.BoundUnread(Edge()),
                _ => new Input.Shutdown(now),
            },
        };
    }

    private Input Alter(Input input) => input switch
    {
        Input.Received received => received with { Octets = _frames.Alter(received.Octets) },
        Input.SubmitResponse c => c with { Id = Id(), EndStream = Coin(), Head = c.Head with { ContentLength = random.Next(-1, 20) } },
        Input.SubmitInformational c => c with { Id = Id(), Head = c.Head with { Status = random.Next(90, 210) } },
        Input.SubmitData c => c with { Id = Id(), EndStream = Coin(), Data = Body() },
        Input.SubmitTrailers c => c with { Id = Id() },
        Input.SubmitPush c => c with { Parent = Id() },
        Input.SubmitRequest c => c with { EndStream = Coin() },
        Input.SubmitPriority c => c with { Id = Id() },
        Input.SubmitReset c => c with { Id = Id() },
        Input.Consume c => c with { Id = Id(), Octets = (int)Edge() },
        Input.Retire => new Input.Retire(Id()),
        Input.BoundUnread => new Input.BoundUnread(Edge()),
        Input.Tick c => c with { Now = c.Now + random.Next(-1000, 200_000) },
        Input.Drain => new Input.Drain((int)Edge()),
        _ => input,
    };

    private OutboundHead Head(int status) => new(status, Coin() ? [] : [("x-a", "1"), ("set-cookie", "secret")]);

    private Octets Body() => new(new byte[random.Next(5) == 0 ? random.Next(100_000) : random.Next(20)]);

    private StreamId Id() => new((uint)random.Next(12));

    private uint Edge() => Edges[random.Next(Edges.Length)];

    private bool Coin() => random.Next(2) == 0;
}
