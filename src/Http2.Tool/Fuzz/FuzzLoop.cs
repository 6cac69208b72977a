using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Tool;

/// <summary>What came of one input: the transitions it made, and what is wrong, if anything.</summary>
/// <param name="Features">A number for each transition; equal transitions have equal numbers.</param>
/// <param name="Steps">How many inputs the connection took.</param>
/// <param name="Problem">What is wrong, or null.</param>
internal sealed record FuzzResult(HashSet<int> Features, int Steps, string? Problem);

/// <summary>An input that causes a problem, cut down to a small one.</summary>
internal sealed record Finding(Recording Recording, string Problem);

/// <summary>
/// The loop of the fuzzer: it takes an input of the corpus, changes it, runs it, and adds it to the corpus when it made a transition that no input
/// before it made. The same seed and corpus give the same run. Not thread-safe.
/// </summary>
internal sealed class FuzzLoop
{
    private const int MaxInputs = 200;
    private readonly Func<Recording, FuzzResult> _check;
    private readonly RecordingMutator _mutator;
    private readonly Random _random;
    private readonly List<Recording> _corpus = [];
    private readonly HashSet<int> _features = [];
    private readonly Dictionary<string, Finding> _findings = [];

    /// <summary>Makes a loop whose corpus is a bare handshake of each role.</summary>
    public FuzzLoop(int seed, Func<Recording, FuzzResult> check)
    {
        _check = check;
        _random = new Random(seed);
        _mutator = new RecordingMutator(_random);
        Add(Handshake(Role.Server));
        Add(Handshake(Role.Client));
    }

    /// <summary>How many inputs were run.</summary>
    public long Rounds { get; private set; }

    /// <summary>How many steps of the core all inputs made.</summary>
    public long Steps { get; private set; }

    /// <summary>How many different transitions were seen.</summary>
    public int Features => _features.Count;

    /// <summary>How many inputs the corpus has.</summary>
    public int CorpusSize => _corpus.Count;

    /// <summary>The inputs of the corpus.</summary>
    public IReadOnlyList<Recording> Corpus => _corpus;

    /// <summary>The findings, one for each kind of problem.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <summary>Adds an input to start from.</summary>
    public void Add(Recording recording) => Try(recording with { Sent = default });

    /// <summary>Tries one more input.</summary>
    public void Round()
    {
        var from = _corpus[_random.Next(_corpus.Count)];
        var other = _corpus[_random.Next(_corpus.Count)];
        var changed = _mutator.Mutate(from, other);
        Try(changed.Inputs.Length <= MaxInputs ? changed : changed with { Inputs = changed.Inputs[..MaxInputs] });
    }

    private void Try(Recording recording)
    {
        Rounds++;
        var result = _check(recording);
        Steps += result.Steps;
        if (result.Problem is not null)
            Report(recording, result.Problem);
        else if (!result.Features.IsSubsetOf(_features))
        {
            _features.UnionWith(result.Features);
            _corpus.Add(recording);
        }
    }

    private void Report(Recording recording, string problem)
    {
        // One example of each kind is enough; the first line of the problem names its kind.
        var kind = problem.Split('\n')[0];
        if (_findings.ContainsKey(kind))
            return;
        var inputs = TraceShrinker.Shrink(
            recording.Inputs, inputs => _check(recording with { Inputs = inputs }).Problem?.Split('\n')[0] == kind);
        _findings[kind] = new Finding(recording with { Inputs = inputs }, problem);
    }

    private static Recording Handshake(Role role)
    {
        var output = new OutputBuffer();
        if (role == Role.Server)
            output.Write(WireConstants.Preface);
        SettingsFrame.Write(output);
        SettingsFrame.WriteAck(output);
        return new Recording(role, ConnectionOptions.Default, 0, [new Input.Received(Octets.Copy(output.WrittenMemory.Span), 1)]);
    }
}
