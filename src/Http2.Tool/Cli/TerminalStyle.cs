namespace Http2.Tool;

/// <summary>Colours for people: only on a terminal, and never when NO_COLOR is set to anything (no-color.org).</summary>
internal sealed class TerminalStyle(bool enabled)
{
    /// <summary>The style for standard output.</summary>
    public static TerminalStyle ForOutput() => new(IsWanted(Console.IsOutputRedirected));

    /// <summary>Whether colours are written.</summary>
    public bool Enabled { get; } = enabled;

    /// <summary>Faint.</summary>
    public string Dim(string text) => Wrap("2", text);

    /// <summary>Bold.</summary>
    public string Bold(string text) => Wrap("1", text);

    /// <summary>Green.</summary>
    public string Green(string text) => Wrap("32", text);

    /// <summary>Yellow.</summary>
    public string Yellow(string text) => Wrap("33", text);

    /// <summary>Red.</summary>
    public string Red(string text) => Wrap("31", text);

    /// <summary>Cyan.</summary>
    public string Cyan(string text) => Wrap("36", text);

    /// <summary>Magenta.</summary>
    public string Magenta(string text) => Wrap("35", text);

    private static bool IsWanted(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private string Wrap(string code, string text) => Enabled ? $"\e[{code}m{text}\e[0m" : text;
}
