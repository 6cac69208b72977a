using System.Text.RegularExpressions;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>
/// The faults that <c>spec/faults/run</c> plants still apply: each piece of text that is replaced stands in its file exactly once. Who moves or
/// changes such a piece changes the list with it.
/// </summary>
public sealed class FaultListTests
{
    private static readonly IReadOnlyList<PlantedFault> All =
        PlantedFault.Parse(File.ReadLines(Path.Combine(Repository.Root, "spec", "faults", "faults.txt")));

    [Fact]
    public void Every_fault_can_be_planted() =>
        Findings.AreNone(
            from fault in All
            let obstacle = File.Exists(Path.Combine(Repository.Root, fault.File)) ? fault.FindObstacle(Repository.Read(fault.File)) : "is no file"
            where obstacle is not null
            select $"{fault.Name}: {fault.File} {obstacle}");

    [Fact]
    public void Every_class_that_should_notice_one_exists()
    {
        var sources = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Findings.AreNone(
            from fault in All
            from name in fault.Classes
            where !Regex.IsMatch(sources, $@"\bclass {name}\b")
            select $"{fault.Name}: there is no class {name}");
        Assert.All(All, fault => Assert.NotEmpty(fault.Classes));
    }

    [Fact]
    public void There_are_enough_of_them_in_the_shell_and_in_the_core()
    {
        Assert.InRange(All.Count(fault => fault.File.StartsWith("src/Http2.Shell/", StringComparison.Ordinal)), 150, int.MaxValue);
        Assert.InRange(All.Count(fault => !fault.File.StartsWith("src/Http2.Shell/", StringComparison.Ordinal)), 30, int.MaxValue);
        Assert.Equal(All.Count, All.Select(fault => fault.Name).Distinct().Count());
    }

    [Fact]
    public void A_fault_that_does_not_apply_is_found()
    {
        var fault = Assert.Single(PlantedFault.Parse(["# comment", "== theme: name", "in a.cs", "try *.T", "- one();", "- two();", "+ three();", "- four"]));
        Assert.Equal("a.cs", fault.File);
        Assert.Equal(["T"], fault.Classes);
        Assert.Equal(2, fault.Pairs.Count);
        Assert.Null(fault.FindObstacle("{\n    one();\n    two();\n    four();\n}"));
        Assert.StartsWith("does not stand there", fault.FindObstacle("one();\nfour();\ntwo();"));
        Assert.StartsWith("stands there more than once", fault.FindObstacle("one();\n two();\n four();\n four();"));
        Assert.Equal("nothing is planted", (fault with { Pairs = [] }).FindObstacle("one();"));
        Assert.StartsWith("changes nothing", (fault with { Pairs = [("one();", "one();")] }).FindObstacle("one();"));
    }
}
