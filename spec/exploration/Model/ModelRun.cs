using Http2.Pure;

namespace Http2.Exploration;

/// <summary>Runs a trace through the core and the model side by side.</summary>
internal sealed class ModelRun
{
    private readonly Trace _trace;
    private readonly ModelFollower _follower;
    private readonly List<string> _log = [];
    private ConnectionFold _core;

    private ModelRun(Trace trace)
    {
        _trace = trace;
        _follower = new ModelFollower(trace);
        _core = trace.Begin();
    }

    /// <summary>What was seen on the way, for tests of the traces themselves.</summary>
    public List<(string Where, string Command, Outcome Outcome)> Seen { get; } = [];

    /// <summary>The commands that were run.</summary>
    public List<Command> Ran { get; } = [];

    /// <summary>The frames and commands, a line or more each.</summary>
    public string Log => string.Join("\n", _log);

    /// <summary>Where core and model part, or null.</summary>
    public string? Failure { get; private set; }

    public static ModelRun Of(Trace trace)
    {
        var run = new ModelRun(trace);
        foreach (var (i, command) in trace.Commands.Index())
        {
            if (run._follower.IsOver)
                break;
            if ((i < trace.FaultsFrom && run._follower.Model.Judge(command).MayEndConnection) || (i < trace.EndsFrom && command.EndsGracefully))
                continue;
            run.Ran.Add(command);
            run.Failure = run.Next(command);
            if (run.Failure is not null)
                break;
        }
        return run;
    }

    private string? Next(Command command)
    {
        var (before, about) = (_core, _follower.Where(command));
        var input = _follower.InputOf(command);
        _log.AddRange(input is Input.Received received ? FrameLines.Of(received.Octets, "recv") : [$"application: {command}"]);
        if (Connection.TrySubmit(before, input, out var step, out var refusal))
        {
            _core = step.State;
            Seen.Add((about, NameOf(command), ModelFollower.OutcomeOf(step).Outcome));
            _log.AddRange(FrameLines.Frames(step.Output).SelectMany(frame => FrameLines.Of(global::Http2.Pure.Frames.Serialize(frame), "send")));
        }
        return _follower.Follow(command, before, step, refusal);
    }

    private static string NameOf(Command command) => command switch
    {
        Command.PeerSetting c => $"Peer{c.Id}",
        Command.PeerHeaders { More: true } => "PeerHeadersBegun",
        Command.PeerHeaders { Update: >= 0 } => "PeerHeadersWithUpdate",
        Command.AppSetting c => $"App{c.Id}",
        _ => command.GetType().Name,
    };
}
