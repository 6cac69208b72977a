namespace Http2.Interleavings.Rewriting;

/// <summary>Rewrites an assembly in place, so that it runs under a <see cref="Schedule"/>: <c>dotnet Http2.Interleavings.Scheduler.dll FILE</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("One argument: the assembly to rewrite.");
            return 2;
        }
        try
        {
            AssemblyRewriter.Rewrite(arguments[0]);
            return 0;
        }
        catch (InvalidOperationException failure)
        {
            Console.Error.WriteLine($"{arguments[0]} : error : {failure.Message}");
            return 1;
        }
    }
}
