using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace Http2.Conformance;

/// <summary>What a client is started for.</summary>
public enum ClientTask
{
    /// <summary>One GET of the first address, its body written out.</summary>
    Get,

    /// <summary>One POST of <see cref="ClientCall.Upload"/> to the first address.</summary>
    Upload,

    /// <summary>A GET of each of three addresses, on one connection and, as far as the server allows, at the same time.</summary>
    Several,
}

/// <summary>What a client that is judged is asked to do. Immutable, thread-safe.</summary>
/// <param name="Task">The task.</param>
/// <param name="Urls">The addresses: three for <see cref="ClientTask.Several"/>, otherwise one.</param>
/// <param name="Upload">The body to send for <see cref="ClientTask.Upload"/>, otherwise nothing.</param>
/// <param name="Certificate">The certificate of the server, signed by nobody else; null in cleartext.</param>
/// <param name="Started">To be called with the identifier of the client's process when it has one of its own: its memory is then judged, too.</param>
public sealed record ClientCall(
    ClientTask Task, ImmutableArray<string> Urls, ReadOnlyMemory<byte> Upload, X509Certificate2? Certificate, Action<int> Started);

/// <summary>How a client ended. Immutable, thread-safe.</summary>
/// <param name="ExitCode">The exit code of its process: 0 when it says that all responses came.</param>
/// <param name="Output">What it wrote to standard output, or the bodies that it read.</param>
/// <param name="Errors">What it wrote to standard error.</param>
public sealed record ClientEnding(int ExitCode, string Output, string Errors);

/// <summary>What can be told from the way in which a client ends.</summary>
/// <param name="ReportsFailure">Whether it ends with 0 when the response came and with another code when it did not.</param>
/// <param name="WritesBodies">Whether it writes the bodies of responses out.</param>
public sealed record ClientHabits(bool ReportsFailure, bool WritesBodies);
