using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;

namespace Http2.Shell.Tests;

/// <summary>What a request asks its handler for, as it stands in the path.</summary>
internal readonly record struct Order(Handling Handling, int Answer)
{
    public const int Moment = 3_000;
    public const int Blocked = 2_000;
    public const int Rest = 1_000;
    public const int BetweenPieces = 500;

    public static Order Of(string path)
    {
        var parts = path.Split('/');
        return new Order((Handling)int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    public string Path => string.Create(CultureInfo.InvariantCulture, $"/{(int)Handling}/{Answer}");

    /// <summary>The answer, once the request was dealt with.</summary>
    /// <param name="world">Where time passes between its pieces.</param>
    public Http2Response Respond(World world) => Handling switch
    {
        Handling.Refuses => new Http2Response(404, [], new byte[Answer]),
        Handling.Streams => new Http2Response(200, [], Pieces(world, Answer, fails: false)),
        Handling.FailsMidway => new Http2Response(200, [], Pieces(world, Answer + 2, fails: true)),
        _ => new Http2Response(200, [], new byte[Answer]),
    };

    private static GeneratedBody Pieces(World world, int octets, bool fails)
    {
        GeneratedBody? body = null;
        var (left, isReady) = (octets, true);
        body = ResponseBody.Generate(room =>
        {
            if (fails && left <= octets / 2)
                throw new InvalidDataException("The source of the body fails.");
            if (left == 0)
                return BodyRead.End;
            if (!isReady)
                return BodyRead.Deferred;
            isReady = false;
            world.After(BetweenPieces, () =>
            {
                isReady = true;
                body!.Resume();
            });
            var piece = Math.Min(Math.Min(left, room.Length), Math.Max(octets / 8, 1));
            left -= piece;
            return BodyRead.Data(piece);
        });
        return body;
    }
}

/// <summary>A delegate that deals with requests as they ask for.</summary>
internal sealed class Service(World world)
{
    public async ValueTask<Http2Response> AnswerAsync(Http2Request request)
    {
        var order = Order.Of(request.Path);
        switch (order.Handling)
        {
            case Handling.Later:
                await world.DelayAsync(Order.Moment).ConfigureAwait(false);
                break;
            case Handling.Blocks:
                // as the watch does when a call does not come back
                request.Engine.Owner.StepAside();
                world.RunUntil(static () => false, Order.Blocked);
                break;
            case Handling.Throws:
                throw new InvalidDataException("The handler fails.");
            case Handling.ThrowsLater:
                await world.DelayAsync(Order.Moment).ConfigureAwait(false);
                throw new InvalidDataException("The handler fails.");
            case Handling.Reads:
                return Counted(await ReadAsync(request.Body, rest: 0).ConfigureAwait(false), order);
            case Handling.ReadsSlowly:
                return Counted(await ReadAsync(request.Body, Order.Rest).ConfigureAwait(false), order);
            case Handling.Examines:
                return Counted(await ExamineAsync(request.Body).ConfigureAwait(false), order);
            case Handling.Echoes:
                return new Http2Response(200, [], ResponseBody.From(request.Body));
        }
        return order.Respond(world);
    }

    private static Http2Response Counted(long octets, Order order) =>
        new(200, [("x-octets", octets.ToString(CultureInfo.InvariantCulture))], new byte[order.Answer]);

    private async Task<long> ReadAsync(PipeReader body, int rest)
    {
        for (var octets = 0L; ;)
        {
            var read = await body.ReadAsync().ConfigureAwait(false);
            octets += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return octets;
            if (rest > 0)
                await world.DelayAsync(rest).ConfigureAwait(false);
        }
    }

    private static async Task<long> ExamineAsync(PipeReader body)
    {
        while (true)
        {
            var read = await body.ReadAsync().ConfigureAwait(false);
            if (read.IsCompleted)
            {
                var octets = read.Buffer.Length;
                body.AdvanceTo(read.Buffer.End);
                return octets;
            }
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

/// <summary>The same as callbacks: what reads a body is told of it.</summary>
internal sealed class CalledBackService(World world) : Http2RequestHandler
{
    private long _octets;

    private Order Order => Order.Of(Path);

    protected override async ValueTask OnHeadersAsync()
    {
        switch (Order.Handling)
        {
            case Handling.Later:
                world.After(Order.Moment, () => Answer());
                return;
            case Handling.Blocks:
                Engine.Owner.StepAside();
                world.RunUntil(static () => false, Order.Blocked);
                break;
            case Handling.Throws:
                throw new InvalidDataException("The handler fails.");
            case Handling.ThrowsLater:
                await world.DelayAsync(Order.Moment).ConfigureAwait(false);
                throw new InvalidDataException("The handler fails.");
            case Handling.Reads or Handling.ReadsSlowly or Handling.Examines or Handling.Echoes:
                return;
        }
        Answer();
    }

    protected override async ValueTask OnDataAsync(ReadOnlyMemory<byte> chunk)
    {
        _octets += chunk.Length;
        if (Order.Handling == Handling.ReadsSlowly)
            await world.DelayAsync(Order.Rest).ConfigureAwait(false);
    }

    protected override void OnRequestDone()
    {
        if (Order.Handling is Handling.Reads or Handling.ReadsSlowly or Handling.Examines)
            SendResponse(200, [("x-octets", _octets.ToString(CultureInfo.InvariantCulture))], new byte[Order.Answer]);
        else if (Order.Handling == Handling.Echoes)
            SendResponse(200, [], new byte[_octets]);
    }

    private void Answer()
    {
        var response = Order.Respond(world);
        SendResponse(response.Status, response.Headers, response.Body);
    }
}
