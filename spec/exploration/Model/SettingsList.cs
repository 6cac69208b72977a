using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// RFC 9113 §6.5: the settings of one end as a list of all that it ever sent, of which the other end has acknowledged the first so many. What
/// is in flight may hold at the other end already, or not yet.
/// </summary>
internal sealed class SettingsList
{
    private readonly List<Setting> _sent =
    [
        // §6.5.2: what holds before anything is sent
        new(SettingId.HeaderTableSize, WireConstants.InitialHeaderTableSize), new(SettingId.MaxHeaderListSize, uint.MaxValue),
        new(SettingId.EnablePush, 1), new(SettingId.MaxConcurrentStreams, uint.MaxValue),
        new(SettingId.InitialWindowSize, WireConstants.InitialWindow), new(SettingId.MaxFrameSize, 16384),
    ];

    private int _acknowledged;

    public SettingsList(params Setting[] first)
    {
        _sent.AddRange(first);
        _acknowledged = _sent.Count;
    }

    /// <summary>The settings that are sent and not acknowledged, in order.</summary>
    public IEnumerable<Setting> InFlight => _sent.Skip(_acknowledged);

    public bool AreInFlight => _acknowledged < _sent.Count;

    /// <summary>A list that goes on by itself from here.</summary>
    public SettingsList Copy()
    {
        var copy = new SettingsList();
        copy._sent.Clear();
        copy._sent.AddRange(_sent);
        copy._acknowledged = _acknowledged;
        return copy;
    }

    public void Send(SettingId id, uint value) => _sent.Add(new(id, value));

    /// <summary>§6.5.3: acknowledgements come in the order of the frames.</summary>
    public void Acknowledge() => _acknowledged++;

    /// <summary>Sent, and in force at once: the peer's settings, which we acknowledge as they come.</summary>
    public void Apply(SettingId id, uint value)
    {
        Send(id, value);
        Acknowledge();
    }

    public uint Acknowledged(SettingId id) => _sent.Take(_acknowledged).Last(setting => setting.Id == id).Value;

    public uint Latest(SettingId id) => _sent.Last(setting => setting.Id == id).Value;

    /// <summary>The most that the other end may count on.</summary>
    public uint Most(SettingId id) =>
        _sent.Skip(_acknowledged).Where(setting => setting.Id == id).Select(setting => setting.Value).Append(Acknowledged(id)).Max();
}
