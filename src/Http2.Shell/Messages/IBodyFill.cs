using Http2.Pure;

namespace Http2.Shell;

/// <summary>What writes a body into the room that the core has reserved for it.</summary>
internal interface IBodyFill
{
    /// <summary>Writes the whole body; answers false when that is not possible now.</summary>
    bool TryFill(in ReservedBody room);
}
