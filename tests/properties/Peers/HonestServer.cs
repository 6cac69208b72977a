using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>A server that answers at once or later, in pieces, with trailers and pushes; that gives up; that ends gracefully.</summary>
internal sealed class HonestServer(ConnectionOptions options) : HonestApp(Role.Server, options)
{
    private bool _stopped;

    /// <summary>What was promised: the request that went with it.</summary>
    public Dictionary<StreamId, string> Promises { get; } = [];

    public override void Act(long now)
    {
        switch (Random.Next(12))
        {
            case < 3 when AnyOf(exchange => exchange.Closed == 0 && !exchange.Begun) is { } unanswered:
                Answer(unanswered, finish: false);
                break;
            case 3 when AnyOf(exchange => exchange.Closed == 0 && !exchange.Begun) is { } unanswered:
                var hints = SomeFields();
                Assert.Equal(Refusal.None, Command((state, effects) =>
                    (Connection.SubmitInformational(state, unanswered.Id, new(103, [.. hints]), effects, out var next), next)));
                break;
            case 4 or 5 when AnyOf(exchange => exchange.CanSend) is { } answer:
                SendMore(answer, finish: Random.Next(3) == 0);
                break;
            case 6 when AnyOf(exchange => exchange.Closed == 0 && exchange.Id.IsClientInitiated) is { } parent:
                Push(parent);
                break;
            case 7 when Random.Next(6) == 0 && AnyOf(exchange => exchange.Closed == 0) is { } failed:
                Reset(failed, ErrorCode.InternalError);
                break;
            case 8 when AnyOf(exchange => exchange.Closed == 0 && exchange.Sent.Ended && !exchange.Came.Ended) is { } early:
                // the answer is complete, and the rest of the request is not wanted (RFC 9113 §8.1)
                if (Connection.Queued(End.State, early.Id) == 0)
                    Reset(early, ErrorCode.NoError);
                break;
            case 9 when Random.Next(60) == 0:
                End.Do((state, effects) => Connection.Shutdown(state, now, effects));
                break;
            default:
                ActCommonly(now);
                break;
        }
    }

    public override bool Finish()
    {
        if (!_stopped)
            ChangeSettings(0, new Setting(SettingId.InitialWindowSize, 3000));
        _stopped = true;
        foreach (var unanswered in Live.Where(exchange => !exchange.Begun).ToArray())
            Answer(unanswered, finish: true);
        return FinishCommonly();
    }

    protected override void OnEvent(ConnectionEvent e)
    {
        if (e is not ConnectionEvent.RequestReceived request)
        {
            base.OnEvent(e);
            return;
        }
        var exchange = new Exchange(request.Id) { Method = System.Text.Encoding.ASCII.GetString(request.Head.Method) };
        (exchange.Came.Head, exchange.Came.Ended) = (Text(request.Head.Fields.ToFields()), request.EndStream);
        Exchanges.Add(request.Id, exchange);
    }

    private void Answer(Exchange exchange, bool finish)
    {
        var status = Random.Next(6) switch { 0 when !exchange.IsTunnel => 204, 1 when !exchange.IsTunnel => 304, 2 => 404, _ => 200 };
        var tunnel = exchange.IsTunnel && status == 200;
        var bodiless = exchange.Method == "HEAD" || status is 204 or 304;
        var body = bodiless ? [] : Octets(30_000);
        var end = bodiless || finish || Random.Next(2) == 0;
        var more = end ? 0 : Random.Next(3000);
        var length = status != 204 && !tunnel && Random.Next(2) == 0 ? body.Length + more : -1;
        var fields = SomeFields();
        Assert.Equal(Refusal.None, Command((state, effects) =>
            (Connection.SubmitResponse(state, exchange.Id, new(status, [.. fields], length), new OutboundBody(body, end), effects, out var next), next)));
        IEnumerable<HeaderField> declared = length < 0 ? [] : [new HeaderField("content-length", $"{length}")];
        exchange.Sent.Head = Text([new(":status", $"{status}"), .. fields, .. declared]);
        exchange.Sent.Body.AddRange(body);
        (exchange.Begun, exchange.Sent.Ended, exchange.Left) = (true, end, length < 0 ? -1 : more);
    }

    private void Push(Exchange parent)
    {
        var method = Random.Next(3) == 0 ? "HEAD" : "GET";
        HeaderField[] fields =
            [new(":method", method), new(":scheme", "https"), new(":authority", "example.org"), new(":path", "/pushed"), .. SomeFields()];
        var expected = Connection.CanPush(End.State, parent.Id);
        var promised = StreamId.Connection;
        var refusal = Command((state, effects) =>
            (Connection.SubmitPush(state, parent.Id, fields, effects, out promised, out var next), next));
        Assert.Equal(expected, refusal);
        if (refusal != Refusal.None)
            return;
        var exchange = new Exchange(promised) { Method = method };
        // the request of a push is complete when it is promised
        exchange.Came.Ended = true;
        Exchanges.Add(promised, exchange);
        Promises.Add(promised, Text(fields));
    }
}
