namespace Http2.Tool;

/// <summary>The exit codes of every command; the help lists them.</summary>
internal static class ExitCode
{
    /// <summary>The command did what was asked.</summary>
    public const int Ok = 0;

    /// <summary>The command failed because of a file, a port, a certificate or a peer.</summary>
    public const int Failure = 1;

    /// <summary>The command line was wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>The command was carried out, and what it measured is worse than what it was compared with.</summary>
    public const int Worse = 3;
}
