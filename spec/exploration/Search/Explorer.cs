using System.Collections.Immutable;
using System.Diagnostics;
using Http2.Pure;

namespace Http2.Exploration;

/// <summary>
/// Explores an alphabet breadth first: all traces of one input, then of two, and so on, each state once. Of states that were left only a digest
/// of 128 bits is kept, with the state and the letter that led there, so that millions fit into memory and the first trace that breaks a rule
/// can be told; it is one of the shortest. The order is the same whatever the number of threads.
/// </summary>
internal sealed class Explorer(ExplorationSettings settings)
{
    private const int BatchSize = 256;
    private readonly Dictionary<UInt128, int> _known = [];
    private readonly List<(int Before, ushort Letter)> _ways = [];
    private readonly Dictionary<string, (int Before, int Letter)> _problems = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private List<Situation?> _next = [];
    private int _firstOfNext;
    private long _steps;
    private long _refused;

    /// <summary>Explores.</summary>
    /// <param name="told">Is told of every depth that is done.</param>
    public ExplorationResult Run(Action<ExplorationProgress> told)
    {
        var begin = settings.Alphabet.Begin();
        Add(begin.Digest(new DigestWriter()), -1, 0);
        List<Situation?> frontier = [begin];
        var (first, depth, isComplete) = (0, 0, true);
        while (depth < settings.Depth && isComplete && frontier.Count > 0)
        {
            depth++;
            (_next, _firstOfNext) = ([], _ways.Count);
            isComplete = TryExpand(frontier, first, keep: depth < settings.Depth);
            (frontier, first) = (_next, _firstOfNext);
            told(Progress(depth));
        }
        return new ExplorationResult(Progress(depth), isComplete, [.. _problems.Select(FindingOf)]);
    }

    private ExplorationProgress Progress(int depth) => new(depth, _ways.Count, _ways.Count - _firstOfNext, _steps, _refused, _clock.Elapsed);

    private bool TryExpand(List<Situation?> frontier, int first, bool keep)
    {
        for (var at = 0; at < frontier.Count; at += BatchSize)
        {
            if (_ways.Count >= settings.MaxStates)
                return false;
            var batch = new Expansion[Math.Min(BatchSize, frontier.Count - at)];
            Parallel.For(
                0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = settings.Threads }, () => new DigestWriter(),
                (i, _, writer) =>
                {
                    batch[i] = new Expansion(settings, Look, writer);
                    batch[i].Expand(frontier[at + i]!);
                    return writer;
                },
                _ => { });
            foreach (var (i, expansion) in batch.Index())
            {
                Merge(expansion, first + at + i, keep);
                // What was expanded is not needed any more.
                frontier[at + i] = null;
            }
        }
        return true;
    }

    // Called by several threads while nobody writes: states are added between the batches.
    private (bool IsKnown, Situation? State) Look(UInt128 digest)
    {
        if (!_known.TryGetValue(digest, out var index))
            return (false, null);
        return (true, index >= _firstOfNext && index - _firstOfNext < _next.Count ? _next[index - _firstOfNext] : null);
    }

    private void Merge(Expansion expansion, int before, bool keep)
    {
        (_steps, _refused) = (_steps + expansion.Steps, _refused + expansion.Refused);
        foreach (var successor in expansion.New)
        {
            if (Add(successor.Digest, before, successor.Letter) && keep)
                _next.Add(successor.Situation);
        }
        foreach (var (letter, problem) in expansion.Problems)
            _problems.TryAdd(problem, (before, letter));
    }

    private bool Add(UInt128 digest, int before, int letter)
    {
        if (!_known.TryAdd(digest, _ways.Count))
            return false;
        _ways.Add((before, (ushort)letter));
        return true;
    }

    private BrokenRule FindingOf(KeyValuePair<string, (int Before, int Letter)> problem)
    {
        var letters = new List<Letter> { settings.Alphabet.Letters[problem.Value.Letter] };
        for (var at = problem.Value.Before; _ways[at].Before >= 0; at = _ways[at].Before)
            letters.Add(settings.Alphabet.Letters[_ways[at].Letter]);
        letters.Reverse();
        return FindingOf(problem.Key, letters);
    }

    private BrokenRule FindingOf(string problem, IReadOnlyList<Letter> letters)
    {
        var (at, inputs) = (settings.Alphabet.Begin(), ImmutableArray.CreateBuilder<Input>());
        inputs.Add(settings.Alphabet.Handshake);
        foreach (var letter in letters)
        {
            var input = letter.In(at)!;
            inputs.Add(input);
            var step = Connection.TrySubmit(at.Fold, input, out var taken, out var refusal) ? taken : null;
            if (letter.Command is { } command && at.Model is { } model)
                _ = model.Follow(command, at.Fold, step, refusal);
            at = at with { Fold = step?.State ?? at.Fold, Now = input is Input.Tick tick ? tick.Now : at.Now };
        }
        var recording = new Recording(settings.Alphabet.Role, settings.Alphabet.Options, 0, inputs.ToImmutable());
        return new BrokenRule(problem, [.. letters.Select(letter => letter.Name)], recording);
    }
}
