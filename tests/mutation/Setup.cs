using System.Runtime.CompilerServices;

namespace Http2.Mutation;

internal static class Setup
{
    /// <summary>The tests that make their own random connections make few, and the same ones each time.</summary>
    [ModuleInitializer]
    internal static void Run()
    {
        Environment.SetEnvironmentVariable("HTTP2SPEC_SEED", "7541");
        Environment.SetEnvironmentVariable("HTTP2SPEC_BLOCKS", "1000");
    }
}
