using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Support;

public sealed class PropertyAttributeTests : IDisposable
{
    private int _calls;

    public void Dispose() => Assert.NotEqual(1, _calls);

    [Property(MaxTest = 37)]
    public void A_property_is_called_with_generated_arguments_on_one_instance(int[] values, string? text)
    {
        _calls++;
        Assert.NotNull(values);
        Assert.True(_calls <= 37);
        _ = text;
    }

    [Property(Arbitrary = [typeof(Evens)])]
    public bool Arbitrary_instances_of_the_attribute_are_used(int value) => ++_calls > 0 && value % 2 == 0;

    [Property]
    public Property A_property_may_be_returned(int a, int b)
    {
        _calls += 2;
        return (a + b == b + a).Label("addition commutes");
    }

    /// <summary>The least counterexample is three octets, whatever was found first.</summary>
    [Fact]
    public void A_counterexample_is_shrunk_and_prints_octets_in_hexadecimal()
    {
        _calls = 2;
        var failure = Record.Exception(() => Prop.ForAll<AnyOctets>(octets => octets.Length < 3).QuickCheckThrowOnFailure());
        Assert.NotNull(failure);
        Assert.Contains("Shrunk:\n0x000000\n", failure.Message.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    public static class Evens
    {
        public static Arbitrary<int> Int() => ArbMap.Default.ArbFor<int>().Generator.Select(i => i * 2).ToArbitrary();
    }
}
