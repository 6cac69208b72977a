using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Http2.Mutation;

/// <summary>
/// Stryker keeps one test process for many mutants, but static values are made once in a process. So that a mutant sees neither values
/// that another one made nor misses those that it should make itself, there are two kinds of process: a warm one, where every static value
/// was made before a mutant is active, and a fresh one for the one mutant of a static value. A process of the wrong kind ends itself;
/// Stryker then starts another and repeats the run.
/// </summary>
internal static class TestHost
{
    /// <summary>The number of no mutant.</summary>
    internal const int NoMutant = -1;

    /// <summary>The file in which Stryker says which mutant is active; null when Stryker does not run the tests.</summary>
    internal static readonly string? MutantFile = Environment.GetEnvironmentVariable("STRYKER_MUTANT_FILE");
    private static bool _warm;
    private static int _runs;

    /// <summary>The number of the active mutant, or <see cref="NoMutant"/>; null when Stryker does not say.</summary>
    internal static int? Mutant => MutantFile is not null && File.Exists(MutantFile) ? ReadMutant() : null;

    private static string FreshFile => MutantFile + ".fresh";

    /// <summary>Makes the static values, unless the process was started for the one mutant of such a value.</summary>
    [ModuleInitializer]
    internal static void Start()
    {
        if (Mutant is not { } mutant)
            return;
        _warm = !(File.Exists(FreshFile) && File.ReadAllText(FreshFile) == mutant.ToString(CultureInfo.InvariantCulture));
        File.Delete(FreshFile);
        if (!_warm)
            return;
        WriteMutant(NoMutant);
        MakeStaticValues(typeof(TestHost).Assembly);
        MakeStaticValues(typeof(Http2.Pure.Connection).Assembly);
        MakeStaticValues(typeof(Hpack.Pure.HeaderField).Assembly);
        WriteMutant(mutant);
    }

    /// <summary>Ends the process when it is of the wrong kind for a run.</summary>
    internal static void Suit(bool everyTest)
    {
        if (Mutant is not { } mutant || mutant == NoMutant)
            return;
        _runs++;
        if (everyTest ? !_warm && _runs == 1 : _warm)
            return;
        if (everyTest)
            File.WriteAllText(FreshFile, mutant.ToString(CultureInfo.InvariantCulture));
        Process.GetCurrentProcess().Kill();
    }

    private static void MakeStaticValues(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
        {
            if (!type.ContainsGenericParameters && type.Namespace is { } name && !name.StartsWith("Stryker", StringComparison.Ordinal))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }
    }

    private static int ReadMutant()
    {
        using var file = Open(FileAccess.Read);
        Span<byte> number = stackalloc byte[sizeof(int)];
        file.ReadExactly(number);
        return BitConverter.ToInt32(number);
    }

    private static void WriteMutant(int mutant)
    {
        using var file = Open(FileAccess.ReadWrite);
        file.Write(BitConverter.GetBytes(mutant));
    }

    private static FileStream Open(FileAccess access) => new(MutantFile!, FileMode.Open, access, FileShare.ReadWrite);
}
