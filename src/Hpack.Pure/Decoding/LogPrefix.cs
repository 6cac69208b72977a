namespace Hpack.Pure;

/// <summary>The entries of a log that a list can refer to: those before an end.</summary>
/// <param name="log">The log.</param>
/// <param name="tail">The number of the first entry that the list cannot refer to.</param>
internal readonly struct LogPrefix(TableLog log, int tail)
{
    public readonly TableLog Log = log;
    public readonly int Tail = tail;
}
