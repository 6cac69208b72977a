namespace Http2.Shell;

/// <summary>
/// Maps the tokens that epoll reports to what they stand for. A token carries the slot and a generation, so that a late report for a
/// descriptor that is gone finds nothing.
/// </summary>
internal sealed class SourceTable
{
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private Slot[] _slots = new Slot[256];
    private int _used;

    internal ulong Add(IReadiness source)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var index))
                index = _used++;
            if (index == _slots.Length)
            {
                var grown = new Slot[_slots.Length * 2];
                _slots.CopyTo(grown, 0);
                Volatile.Write(ref _slots, grown);
            }
            var slot = new Slot(source, (_slots[index]?.Generation ?? 0) + 1);
            Volatile.Write(ref _slots[index], slot);
            return (ulong)slot.Generation << 32 | (uint)index;
        }
    }

    internal IReadiness? Find(ulong token)
    {
        var slots = Volatile.Read(ref _slots);
        return (uint)token < (uint)slots.Length && Volatile.Read(ref slots[(int)(uint)token]) is { } slot && slot.Generation == (uint)(token >> 32)
            ? slot.Source
            : null;
    }

    /// <summary>Forgets what a token stands for; one that stands for nothing is left alone.</summary>
    internal void Remove(ulong token)
    {
        lock (_gate)
        {
            var index = (int)(uint)token;
            if (_slots[index] is not { Source: not null } slot || slot.Generation != (uint)(token >> 32))
                return;
            Volatile.Write(ref _slots[index], new Slot(null, slot.Generation));
            _free.Push(index);
        }
    }

    private sealed record Slot(IReadiness? Source, uint Generation);
}
