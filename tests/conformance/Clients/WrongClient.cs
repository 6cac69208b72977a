using System.Text;
using Http2.Pure;

namespace Http2.Conformance.Tests;

/// <summary>What a wrong client does wrong, apart from taking everything that comes for a response.</summary>
public enum Wrong
{
    /// <summary>Nothing else: it believes whatever it gets, and always ends with 0.</summary>
    Credulous,

    /// <summary>It takes everything for an attack.</summary>
    Suspicious,

    /// <summary>It never ends.</summary>
    Hanging,

    Http1,
    NoSettings,
    NoSettingsAck,
    AckWithSettings,
    SettingsOnStream,
    BadSetting,
    ManyAcks,
    NoPong,
    OtherPong,
    AnswersPong,
    UndefinedFlags,
    ReservedBit,
    EvenStream,
    FallingStreams,
    TwoHeads,
    BehindEnd,
    AnswersReset,
    UploadsBehindReset,
    LongFrames,
    IgnoresWindows,
    IgnoresStreamWindow,
    IgnoresConnectionWindow,
    NoWindowUpdate,
    ZeroIncrement,
    WaitsForWholeWindows,
    IgnoresConcurrency,
    OpensBehindGoAway,
    RetriesPost,
    Promises,
    NoEndStream,
    ShortUpload,
    OtherUpload,
    WrongLength,
    LateTrailerPseudo,
    UpperCase,
    SpaceInName,
    LineFeedInValue,
    SpaceAroundValue,
    ConnectionField,
    TeGzip,
    NoPath,
    TwoPaths,
    UnknownPseudo,
    LatePseudo,
    WrongScheme,
    UserInAuthority,
    OtherHost,
    WithFragment,
    EmptyPath,
    IndexBeyondTable,
    NoSizeUpdate,
    PriorityUpdateOnStream,

    /// <summary>It does not decode the blocks of streams that it has reset.</summary>
    ForgetsBlocks,

    NoAlpn,
    OffersH2c,
    OtherAlpn,
    NoServerName,
    OldTls,
    TlsCompression,
    WeakSuites,
}

/// <summary>A client that does one thing wrong, for a judge to find it.</summary>
/// <param name="wrong">What it does wrong.</param>
/// <param name="call">What it is asked to do.</param>
/// <param name="probe">What it speaks through.</param>
internal sealed class WrongClient(Wrong wrong, ClientCall call, Probe probe)
{
    private readonly List<uint> _open = [];
    private readonly StringBuilder _output = new();
    private int _asked;
    private int _uploaded;
    private bool _isOver;

    /// <summary>The client, for a run of the cases.</summary>
    public static ConformanceClient Of(Wrong wrong, bool tls = false) => new($"{wrong}", (call, cancellation) => RunAsync(wrong, call, cancellation))
    {
        Tls = tls,
        Tasks = Enum.GetValues<ClientTask>(),
        Habits = new ClientHabits(ReportsFailure: true, WritesBodies: true),
    };

    private int Wanted => call.Urls.Length;

    private static async Task<ClientEnding> RunAsync(Wrong wrong, ClientCall call, CancellationToken cancellation)
    {
        var url = new Uri(call.Urls[0]);
        var target = new ConformanceTarget { Host = url.Host, Port = url.Port, Tls = url.Scheme == "https", Insecure = true, Path = url.PathAndQuery };
        var options = new ConformanceOptions { Timeout = TimeSpan.FromSeconds(30) };
        await using var probe = new Probe(new RunContext(target, options), cancellation) { GrantsWindow = wrong != Wrong.NoWindowUpdate };
        if (wrong >= Wrong.NoAlpn)
            await WrongHello.SendAsync(wrong, probe);
        var client = new WrongClient(wrong, call, probe);
        await client.RunAsync();
        if (wrong == Wrong.Hanging)
            await Task.Delay(Timeout.Infinite, cancellation);
        return new ClientEnding(wrong == Wrong.Suspicious ? 1 : 0, client._output.ToString(), "");
    }

    private async Task RunAsync()
    {
        Begin();
        do
        {
            Ask();
        }
        while (_asked < Wanted && wrong is not (Wrong.OpensBehindGoAway or Wrong.NoSizeUpdate or Wrong.IgnoresConcurrency));
        while (!_isOver)
        {
            var (outcome, frame) = await probe.Next();
            if (outcome != ReadOutcome.Frame)
                break;
            Take(frame);
        }
        await probe.Flush();
    }

    private void Begin()
    {
        if (wrong == Wrong.Http1)
        {
            probe.Octets("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"u8, "HTTP/1.1");
            return;
        }
        probe.Magic();
        if (wrong != Wrong.NoSettings)
        {
            var flags = wrong == Wrong.UndefinedFlags ? (FrameFlags)0x40 : 0;
            var settings = wrong == Wrong.BadSetting ? Octet.Settings(new Setting(SettingId.MaxFrameSize, 5)) : Octet.Settings(new(SettingId.EnablePush, 0), new(SettingId.NoRfc7540Priorities, 1));
            probe.Frame(FrameType.Settings, flags, wrong == Wrong.SettingsOnStream ? 1u : wrong == Wrong.ReservedBit ? 0x80000000 : 0, settings);
        }
        if (wrong == Wrong.ZeroIncrement)
            probe.WindowUpdate(0, 0);
        if (wrong == Wrong.ManyAcks)
            probe.SettingsAck();
    }

    private void Ask()
    {
        var id = (uint)(wrong switch
        {
            Wrong.EvenStream => 2 + (2 * _asked),
            Wrong.FallingStreams => 9 - (2 * _asked),
            _ => 1 + (2 * _asked),
        });
        _open.Add(id);
        var isUpload = call.Task == ClientTask.Upload;
        byte[] block = [.. wrong == Wrong.IndexBeyondTable ? [0xbe] : Array.Empty<byte>(), .. WrongRequest.Block(wrong, call, _asked)];
        _asked++;
        probe.Headers(id, block, endStream: !isUpload && wrong != Wrong.NoEndStream);
        if (wrong == Wrong.TwoHeads)
            probe.Headers(id, block, endStream: true);
        if (wrong == Wrong.BehindEnd)
            probe.Data(id, "more", endStream: true);
        if (wrong == Wrong.Promises)
            probe.PushPromise(id, 2, block);
        if (wrong == Wrong.PriorityUpdateOnStream)
            probe.PriorityUpdate(id, "u=1", streamId: id);
        if (isUpload)
            Upload(id);
    }

    private void Take(in WireFrame frame)
    {
        if (wrong == Wrong.Suspicious && !(frame.Type == FrameType.Settings && frame.Length == 0))
        {
            probe.GoAway(0, ErrorCode.EnhanceYourCalm);
            _isOver = true;
            return;
        }
        switch (frame.Type)
        {
            case FrameType.Settings when !frame.IsAck && wrong != Wrong.NoSettingsAck:
                probe.Frame(FrameType.Settings, FrameFlags.Ack, 0, wrong == Wrong.AckWithSettings ? new byte[6] : []);
                while (wrong == Wrong.IgnoresConcurrency && _asked < Wanted)
                    Ask();
                break;
            case FrameType.Ping when (!frame.IsAck || wrong == Wrong.AnswersPong) && wrong != Wrong.NoPong:
                probe.Frame(FrameType.Ping, FrameFlags.Ack, 0, wrong == Wrong.OtherPong ? new byte[8] : frame.Payload.Span);
                break;
            case FrameType.Headers when wrong == Wrong.ForgetsBlocks && probe.On(frame.StreamId).SectionCount == 1 && frame.StreamId == 1:
                probe.Reset(1, ErrorCode.ProtocolError);
                break;
            case FrameType.Headers when wrong == Wrong.ForgetsBlocks && frame.StreamId == 3:
                probe.GoAway(0, ErrorCode.CompressionError);
                break;
            case FrameType.Data:
                _output.Append(Encoding.Latin1.GetString(wrong == Wrong.Credulous ? frame.Payload.Span : frame.Content.Span));
                break;
            case FrameType.RstStream:
                Reset(frame.StreamId);
                return;
            case FrameType.GoAway when wrong == Wrong.OpensBehindGoAway && _asked < Wanted:
                Ask();
                break;
        }
        if (call.Task == ClientTask.Upload && _open.Count > 0)
            Upload(_open[0]);
        if (frame.EndsStream)
            Close(frame.StreamId);
    }

    private void Reset(uint streamId)
    {
        if (wrong == Wrong.AnswersReset)
            probe.Reset(streamId);
        if (wrong == Wrong.UploadsBehindReset)
            probe.Data(streamId, call.Upload.Span[_uploaded..Math.Min(_uploaded + 16384, call.Upload.Length)], endStream: true);
        if (wrong == Wrong.RetriesPost)
            Ask();
        else
            Close(streamId);
    }

    private void Close(uint streamId)
    {
        _open.Remove(streamId);
        if (wrong == Wrong.NoSizeUpdate && _asked < Wanted)
            Ask();
        if (wrong == Wrong.OpensBehindGoAway && _asked < Wanted)
            return;
        _isOver = _open.Count == 0 && _asked >= Wanted;
    }

    /// <summary>Sends as much of the body as the windows allow, or as this client believes.</summary>
    private void Upload(uint id)
    {
        var length = wrong == Wrong.ShortUpload ? call.Upload.Length - 1 : call.Upload.Length;
        var initial = probe.PeerSetting(SettingId.InitialWindowSize) ?? PeerWindows.Initial;
        while (_uploaded < length)
        {
            var stream = wrong is Wrong.IgnoresWindows or Wrong.IgnoresStreamWindow ? int.MaxValue : probe.PeerWindows.Of(id, initial);
            var connection = wrong is Wrong.IgnoresWindows or Wrong.IgnoresConnectionWindow ? int.MaxValue : probe.PeerWindows.Connection;
            var most = wrong == Wrong.LongFrames ? 20_000 : 16384;
            var size = (int)Math.Min(Math.Min(stream, connection), Math.Min(most, length - _uploaded));
            if (size <= 0 || (wrong == Wrong.WaitsForWholeWindows && size < Math.Min(1000, length - _uploaded)))
                return;
            var octets = call.Upload.Slice(_uploaded, size).ToArray();
            if (wrong == Wrong.OtherUpload)
                octets[0] = (byte)'!';
            _uploaded += size;
            var isEnd = _uploaded == length;
            probe.Data(id, octets, endStream: isEnd && wrong != Wrong.LateTrailerPseudo);
            probe.PeerWindows.Spend(id, size);
            if (isEnd && wrong == Wrong.LateTrailerPseudo)
                probe.Headers(id, FieldBlock.Of((":path", "/")), endStream: true);
        }
    }
}
