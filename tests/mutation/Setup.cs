using System.Runtime.CompilerServices;

namespace Http2.Mutation;

internal static class Setup
{
    /// <summary>The tests that make their own random connections make few, and the same ones each time; of many files some are taken.</summary>
    [ModuleInitializer]
    internal static void Run()
    {
        Environment.SetEnvironmentVariable("HTTP2SPEC_SEED", "7541");
        Environment.SetEnvironmentVariable("HTTP2SPEC_BLOCKS", "1000");
        Environment.SetEnvironmentVariable(TestSupport.FileRowsAttribute.Bound, "20");
    }
}
