using Xunit;

namespace Http2.Shell.Tests;

/// <summary>How long a source is taken for one whose work takes long.</summary>
public sealed class WorkHistoryTests
{
    [Fact]
    public void A_source_is_light_until_its_work_was_seen_to_take_long()
    {
        var history = default(WorkHistory);
        history.Note(WorkWeight.Light);
        Assert.Equal(WorkWeight.Light, history.Weight);
        history.Note(WorkWeight.Computes);
        Assert.Equal(WorkWeight.Computes, history.Weight);
        history.Note(WorkWeight.Waits);
        Assert.Equal(WorkWeight.Waits, history.Weight);
    }

    [Fact]
    public void Light_pieces_in_a_row_make_it_light_again_and_a_long_one_among_them_does_not()
    {
        var history = default(WorkHistory);
        history.Note(WorkWeight.Waits);
        Note(WorkHistory.LightAfter - 1);
        history.Note(WorkWeight.Waits);
        Note(WorkHistory.LightAfter - 1);
        Assert.Equal(WorkWeight.Waits, history.Weight);
        Note(1);
        Assert.Equal(WorkWeight.Light, history.Weight);

        void Note(int light)
        {
            for (var i = 0; i < light; i++)
                history.Note(WorkWeight.Light);
        }
    }
}
