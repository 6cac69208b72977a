namespace Http2.Conformance;

/// <summary>
/// The command lines of a client, for the shell. <c>{url}</c> stands for the address, <c>{url1}</c> to <c>{url3}</c> and <c>{urls}</c> for
/// several, <c>{file}</c> for a file with the body to send, and <c>{ca}</c> for a file with the certificate of the server in PEM. What they stand
/// for is put in quotation marks. Immutable, thread-safe.
/// </summary>
/// <param name="Get">For <see cref="ClientTask.Get"/>.</param>
public sealed record ClientCommands(string Get)
{
    /// <summary>For <see cref="ClientTask.Upload"/>, or null.</summary>
    public string? Upload { get; init; }

    /// <summary>For <see cref="ClientTask.Several"/>, or null.</summary>
    public string? Several { get; init; }

    internal string? For(ClientTask task) => task switch
    {
        ClientTask.Get => Get,
        ClientTask.Upload => Upload,
        _ => Several,
    };

    /// <summary>The command line with the addresses put in; files are put in when they are made.</summary>
    internal string LineFor(ClientCall call)
    {
        var line = (For(call.Task) ?? Get)
            .Replace("{urls}", string.Join(' ', call.Urls.Select(Quoted)), StringComparison.Ordinal)
            .Replace("{url}", Quoted(call.Urls[0]), StringComparison.Ordinal);
        for (var i = 0; i < call.Urls.Length; i++)
            line = line.Replace($"{{url{i + 1}}}", Quoted(call.Urls[i]), StringComparison.Ordinal);
        return line;
    }

    internal static string Quoted(string word) => OperatingSystem.IsWindows() ? $"\"{word}\"" : $"'{word}'";
}
