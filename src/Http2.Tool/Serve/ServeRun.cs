namespace Http2.Tool;

internal static class ServeRun
{
    public static Task<int> RunAsync(ServeOptions options) => Task.FromResult(options.Verbosity);
}
