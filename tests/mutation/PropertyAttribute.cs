extern alias FsCheckXunit;

using Xunit.v3;

namespace FsCheck.Xunit;

/// <summary>
/// FsCheck's own attribute with two changes: the cases are always the same, so that a mutant's verdict is the same in every run, and they are
/// fewer, because a mutant that needs thousands of random cases to be seen deserves a test that names it.
/// </summary>
// FsCheck's constructor, which this one calls, has no parameters for the place in the sources either.
#pragma warning disable xUnit3003
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(FsCheckXunit::FsCheck.Xunit.PropertyDiscoverer))]
public sealed class PropertyAttribute : FsCheckXunit::FsCheck.Xunit.PropertyAttribute
{
    private const int MostCases = 30;

    /// <summary>Takes the same seed each time.</summary>
    public PropertyAttribute()
    {
        Replay = "20261122,7541";
        base.MaxTest = MostCases;
    }

    /// <summary>How many cases must pass, at most <see cref="MostCases"/>.</summary>
    public new int MaxTest { get => base.MaxTest; set => base.MaxTest = Math.Min(value, MostCases); }
}
#pragma warning restore xUnit3003
