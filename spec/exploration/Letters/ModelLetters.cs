using Http2.Pure;

namespace Http2.Exploration;

/// <summary>The inputs that the reference model knows, for either end.</summary>
internal static class ModelLetters
{
    /// <summary>The alphabet of a server.</summary>
    public static Alphabet Server { get; } = Of("server-model", Role.Server,
    [
        new Command.PeerHeaders(1, false), new Command.PeerHeaders(1, true), new Command.PeerHeaders(1, true, Trailers: true),
        new Command.PeerHeaders(2, true), new Command.PeerHeaders(3, false), new Command.PeerHeaders(3, true), new Command.PeerHeaders(5, true),
        new Command.PeerData(1, 0, true), new Command.PeerData(1, 5), new Command.PeerData(1, 5, true), new Command.PeerData(1, 11),
        new Command.PeerData(1, 2, false, Padding: 3), new Command.PeerData(3, 10), new Command.PeerData(2, 1),
        new Command.PeerReset(1), new Command.PeerReset(2), new Command.PeerReset(3),
        new Command.PeerSetting(SettingId.EnablePush, 0),
        new Command.AppRespond(1, 0, true), new Command.AppRespond(1, 5, false), new Command.AppRespond(1, 30, true),
        new Command.AppRespond(3, 0, true), new Command.AppRespond(2, 5, true),
        new Command.AppData(1, 9, false), new Command.AppData(1, 5, true),
        new Command.AppPush(1), new Command.AppReset(3), new Command.AppRetire(3),
    ]);

    /// <summary>The alphabet of a client.</summary>
    public static Alphabet Client { get; } = Of("client-model", Role.Client,
    [
        new Command.AppRequest(false), new Command.AppRequest(true),
        new Command.PeerHeaders(1, false), new Command.PeerHeaders(1, true), new Command.PeerHeaders(1, true, Trailers: true),
        new Command.PeerHeaders(2, false), new Command.PeerHeaders(2, true), new Command.PeerHeaders(3, true), new Command.PeerHeaders(4, true),
        new Command.PeerData(1, 0, true), new Command.PeerData(1, 5), new Command.PeerData(1, 5, true), new Command.PeerData(1, 11),
        new Command.PeerData(1, 2, false, Padding: 3), new Command.PeerData(2, 10, true), new Command.PeerData(3, 1),
        new Command.PeerPromise(1, 2), new Command.PeerPromise(1, 4), new Command.PeerPromise(3, 2), new Command.PeerPromise(2, 4),
        new Command.PeerPromise(1, 3),
        new Command.PeerReset(1), new Command.PeerReset(2), new Command.PeerReset(3),
        new Command.PeerSetting(SettingId.MaxConcurrentStreams, 1), new Command.PeerSetting(SettingId.EnablePush, 1),
        new Command.PeerGoAway(1), new Command.PeerGoAway(WireConstants.MaxStreamId),
        new Command.AppData(1, 30, false), new Command.AppData(1, 5, true), new Command.AppConsume(2, 100),
        new Command.AppSetting(SettingId.EnablePush, 0),
    ]);

    private static IEnumerable<Command> Common =>
    [
        new Command.PeerWindow(0, 1), new Command.PeerWindow(1, 0), new Command.PeerWindow(1, 5), new Command.PeerWindow(1, WireConstants.MaxWindow),
        new Command.PeerWindow(2, 5), new Command.PeerWindow(3, 5),
        new Command.PeerSetting(SettingId.InitialWindowSize, 0), new Command.PeerSetting(SettingId.InitialWindowSize, 20),
        new Command.PeerSetting(SettingId.InitialWindowSize, WireConstants.MaxWindow), new Command.PeerSetting(SettingId.MaxConcurrentStreams, 0),
        new Command.PeerHeaders(1, true, More: true), new Command.PeerContinuation(0), new Command.PeerContinuation(0, More: true),
        new Command.PeerHeaders(1, true, Update: 0), new Command.PeerOverpadded(1), new Command.AppSetting(SettingId.HeaderTableSize, 0),
        new Command.PeerSetting(SettingId.HeaderTableSize, 0),
        new Command.PeerSettingsAck(), new Command.PeerGoAway(0), new Command.PeerPong(), new Command.PeerPriority(1), new Command.PeerPing(),
        new Command.AppTrailers(1), new Command.AppReset(1), new Command.AppReset(2), new Command.AppConsume(1, 100),
        new Command.AppRetire(1), new Command.AppRetire(2), new Command.AppDrain(int.MaxValue), new Command.AppDrain(1),
        new Command.AppSetting(SettingId.InitialWindowSize, 0), new Command.AppSetting(SettingId.InitialWindowSize, 20),
        new Command.AppSetting(SettingId.MaxConcurrentStreams, 0), new Command.AppShutdown(),
    ];

    private static Alphabet Of(string name, Role role, IEnumerable<Command> commands)
    {
        // Windows of ten octets, so that every bound of them is near.
        var trace = new Trace(role, 10, 2, 10, 0, 0, []);
        return new Alphabet(name, trace, trace.Options, [.. commands.Concat(Common).Select(Letter.Of)]);
    }
}
