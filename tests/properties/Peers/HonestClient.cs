using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>A client that asks, uploads, cancels, takes pushes, and changes its settings.</summary>
internal sealed class HonestClient(ConnectionOptions options) : HonestApp(Role.Client, options)
{
    private bool _stopped;

    /// <summary>What was promised: the request that came with it.</summary>
    public Dictionary<StreamId, string> Promises { get; } = [];

    public override void Act(long now)
    {
        switch (Random.Next(10))
        {
            case < 3 when !_stopped:
                Ask();
                break;
            case 3 when AnyOf(exchange => exchange.CanSend) is { } upload:
                SendMore(upload, finish: false);
                break;
            case 4 when AnyOf(exchange => exchange.CanSend) is { } upload:
                SendMore(upload, finish: true);
                break;
            case 5 when Random.Next(4) == 0 && AnyOf(exchange => exchange.Closed == 0) is { } unwanted:
                Reset(unwanted, ErrorCode.Cancel);
                break;
            case 6 when Random.Next(2) == 0 && AnyOf(exchange => exchange.Closed == 0) is { } other:
                Assert.Equal(Refusal.None, Command((state, effects) =>
                    (Connection.SubmitPriority(state, other.Id, "u=1, i"u8, effects, out var next), next)));
                break;
            case 6 when Random.Next(4) == 0:
                ChangeSettings(now, new Setting(SettingId.EnablePush, (uint)Random.Next(2)));
                break;
            default:
                ActCommonly(now);
                break;
        }
    }

    public override bool Finish()
    {
        if (!_stopped)
            // whatever the windows were, something can move now, an octet at a time if need be
            ChangeSettings(0, new Setting(SettingId.InitialWindowSize, 3000));
        _stopped = true;
        return FinishCommonly();
    }

    protected override void OnEvent(ConnectionEvent e)
    {
        switch (e)
        {
            case ConnectionEvent.InformationalReceived informational:
                Assert.Equal("", Exchanges[informational.Id].Came.Head);
                Assert.Equal(103, informational.Head.Status);
                break;
            case ConnectionEvent.ResponseReceived response:
                Assert.Equal("", Exchanges[response.Id].Came.Head);
                Exchanges[response.Id].Came.Head = Text(response.Head.Fields.ToFields());
                EndCame(response.Id, response.EndStream);
                break;
            case ConnectionEvent.PushPromised promised:
                Exchanges.Add(promised.Promised, new Exchange(promised.Promised));
                Promises.Add(promised.Promised, Text(promised.Head.Fields.ToFields()));
                break;
            default:
                base.OnEvent(e);
                break;
        }
    }

    private void Ask()
    {
        var method = Random.Next(9) switch { 0 => "CONNECT", < 4 => "POST", 4 => "HEAD", _ => "GET" };
        var upload = method == "CONNECT" || method == "POST" && Random.Next(5) > 0;
        var length = method == "POST" && upload && Random.Next(2) == 0 ? Random.Next(3000) : -1;
        HeaderField[] target = method == "CONNECT"
            ? [new(":authority", "example.org:443")]
            : [new(":scheme", "https"), new(":authority", "example.org"), new(":path", $"/{Random.Next(9)}")];
        HeaderField[] fields =
        [
            new(":method", method), .. target, .. SomeFields(),
            .. length < 0 ? [] : new[] { new HeaderField("content-length", $"{length}") },
        ];
        var id = StreamId.Connection;
        var refusal = Command((state, effects) => (Connection.SubmitRequest(state, fields, !upload, effects, out id, out var next), next));
        if (refusal != Refusal.None)
        {
            Assert.True(refusal is Refusal.TooManyStreams or Refusal.GoingAway, $"{refusal}");
            return;
        }
        var exchange = new Exchange(id) { Method = method, Begun = true, Left = length };
        (exchange.Sent.Head, exchange.Sent.Ended) = (Text(fields), !upload);
        Exchanges.Add(id, exchange);
    }
}
