using System.Numerics;
using System.Runtime.CompilerServices;

namespace Http2.Pure;

/// <summary>
/// Requests of a client that were sent whole and of which nothing has come back: half-closed (local), windows full, no length declared. They differ in their
/// number alone, so a bit for each says all, and most of them never enter the set of streams. Numbers within a window of 256 streams fit.
/// </summary>
internal record struct AwaitedRequests
{
    private const int WordBits = 64, Words = 4;

    // Client-initiated identifiers are odd.
    private const int Stride = 2;

    // The stream of the lowest bit.
    private uint _first;
    private ulong _word0, _word1, _word2, _word3;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The streams, in order.</summary>
    public readonly IEnumerable<StreamId> All
    {
        get
        {
            ulong[] words = [_word0, _word1, _word2, _word3];
            for (var slot = 0; slot < Words * WordBits; slot++)
            {
                if ((words[slot / WordBits] >> (slot % WordBits) & 1) != 0)
                    yield return new StreamId(_first + (uint)(slot * Stride));
            }
        }
    }

    /// <summary>Whether a stream is one of them.</summary>
    public readonly bool Contains(StreamId id)
    {
        if (Count == 0 || !TryPlace(id, out var word, out var bit))
            return false;
        return (word switch { 0 => _word0, 1 => _word1, 2 => _word2, _ => _word3 } & bit) != 0;
    }

    /// <summary>Adds a stream, whose number is higher than that of all others.</summary>
    /// <returns>False when the lowest one is too far below.</returns>
    public bool TryAdd(StreamId id)
    {
        if (Count == 0)
            this = new() { _first = id.Value };
        while (_word0 == 0 && Count > 0 && !TryPlace(id, out _, out _))
            (_first, _word0, _word1, _word2, _word3) = (_first + (WordBits * Stride), _word1, _word2, _word3, 0);
        if (!TryPlace(id, out var word, out var bit))
            return false;
        WordAt(word) |= bit;
        Count++;
        return true;
    }

    /// <summary>Takes a stream out, if it is one of them.</summary>
    public bool Remove(StreamId id)
    {
        if (!Contains(id))
            return false;
        TryPlace(id, out var word, out var bit);
        WordAt(word) &= ~bit;
        Count--;
        return true;
    }

    /// <summary>Takes out the one with the lowest number; there is at least one.</summary>
    public StreamId TakeLowest()
    {
        for (var word = 0; ; word++)
        {
            ref var bits = ref WordAt(word);
            if (bits == 0)
                continue;
            var at = BitOperations.TrailingZeroCount(bits);
            bits &= bits - 1;
            Count--;
            return new StreamId(_first + (uint)(((word * WordBits) + at) * Stride));
        }
    }

    private readonly bool TryPlace(StreamId id, out int word, out ulong bit)
    {
        var slot = (id.Value - _first) / Stride;
        (word, bit) = ((int)(slot / WordBits), 1ul << (int)(slot % WordBits));
        return id.Value >= _first && id.IsClientInitiated && slot < Words * WordBits;
    }

    private ref ulong WordAt(int word)
    {
        switch (word)
        {
            case 0:
                return ref Unsafe.AsRef(in _word0);
            case 1:
                return ref Unsafe.AsRef(in _word1);
            case 2:
                return ref Unsafe.AsRef(in _word2);
            default:
                return ref Unsafe.AsRef(in _word3);
        }
    }
}
