namespace Http2.Shell;

/// <summary>What came of an attempt to accept a connection.</summary>
internal enum AcceptOutcome
{
    Accepted,

    /// <summary>No connection waits.</summary>
    None,

    /// <summary>This connection is lost, the next may be had: it ended before it was accepted, or a rule of the network forbids it.</summary>
    Lost,

    /// <summary>No descriptor is left, of the process's or of the machine's.</summary>
    NoDescriptor,

    /// <summary>The kernel has no memory for it now.</summary>
    NoMemory,

    /// <summary>The socket listens no more.</summary>
    Closed,
}

/// <summary>Judges the errors of accept(2) on Linux.</summary>
internal static class AcceptErrors
{
    private const int
        Permission = 1, Interrupted = 4, BadDescriptor = 9, Again = 11, NoMemory = 12, Invalid = 22, FileTableFull = 23, NoDescriptor = 24,
        Protocol = 71, NotASocket = 88, NoBuffers = 105;

    internal static AcceptOutcome Judge(int error) => error switch
    {
        Again => AcceptOutcome.None,
        NoDescriptor or FileTableFull => AcceptOutcome.NoDescriptor,
        NoMemory or NoBuffers => AcceptOutcome.NoMemory,
        BadDescriptor or Invalid or NotASocket => AcceptOutcome.Closed,
        // ECONNABORTED, EPROTO, EPERM of a firewall, and errors of the network that accept(2) passes on for the new connection
        Permission or Interrupted or Protocol or _ => AcceptOutcome.Lost,
    };
}
