using FsCheck.Xunit;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>Transitions that are made in the place of the state lead to what those lead to that give the next state.</summary>
public sealed class StateInPlaceTests
{
    [Property(MaxTest = 300)]
    public void A_state_that_is_changed_where_it_is_becomes_the_next_state(byte[] choices)
    {
        var (values, inPlace) = (Rig.Server(), Rig.ServerInPlace());
        uint newest = 1;
        foreach (var choice in choices)
        {
            Assert.Equal(Act(values, choice, newest), Act(inPlace, choice, newest));
            newest += choice % 10 < 3 ? 2u : 0;
            Assert.Equal(values.Frames(), inPlace.Frames());
            Assert.Equal(values.Events(), inPlace.Events());
            Assert.Equal(values.State, inPlace.State);
        }
    }

    [Fact]
    public void A_copy_that_was_made_before_stays_as_it_was()
    {
        var rig = Rig.ServerInPlace();
        var (before, same) = (rig.State, Rig.Server().State);
        rig.Get(1);
        Assert.Equal(Refusal.None, rig.Respond(1, 200, "body"));
        rig.Post(3);
        Assert.NotEqual(before, rig.State);
        Assert.Equal(same, before);
    }

    [Fact]
    public void A_response_that_is_refused_leaves_the_state_as_it_was()
    {
        var rig = Rig.ServerInPlace();
        rig.Get(1).Forget();
        var before = rig.State;
        Assert.Equal(Refusal.InvalidStatus, rig.Respond(1, 100));
        Assert.Equal(Refusal.ContentLengthMismatch, rig.Respond(1, 200, "body", length: 5));
        Assert.Equal(Refusal.StreamClosed, rig.Respond(5));
        Assert.Equal(before, rig.State);
        Assert.Empty(rig.Frames());
    }

    // The id is of a stream that is there, has been, or has not come yet, so faults come up as well.
    private static Refusal Act(Rig rig, byte choice, uint newest)
    {
        var back = (uint)(choice / 40 * 2);
        var id = newest > back ? newest - back : 1;
        switch (choice % 10)
        {
            case 0 or 1:
                rig.Get(newest);
                break;
            case 2:
                rig.Post(newest);
                break;
            case 3:
                rig.Data(id, "octets", end: choice > 128);
                break;
            case 4:
                rig.Window(choice > 128 ? id : 0, choice);
                break;
            case 5:
                rig.Rst(id);
                break;
            case 6:
                rig.Ping(choice, ack: choice > 200);
                break;
            case 7:
                return rig.Respond(id, Rig.Head(200), new byte[choice * 300], end: choice < 200);
            case 8:
                return rig.Respond(id, choice < 240 ? 204 : 99);
            default:
                rig.Setting(SettingId.InitialWindowSize, choice * 1000u);
                break;
        }
        return Refusal.None;
    }
}
