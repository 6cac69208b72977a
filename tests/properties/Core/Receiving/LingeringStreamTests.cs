using Http2.Pure;
using Xunit;

namespace Http2.Properties.Core;

/// <summary>Streams that were reset, and the work of the application that goes on behind them.</summary>
public sealed class LingeringStreamTests
{
    [Fact]
    public void A_stream_that_was_reset_has_freed_its_place_though_work_goes_on()
    {
        var rig = Rig.Server(new() { MaxConcurrentStreams = 2 });
        rig.Get(1).Rst(1).Get(3).Rst(3).Get(5).Get(7);
        Assert.Empty(rig.Frames());
        rig.Get(9);
        Assert.Equal(["RST_STREAM 9 RefusedStream"], rig.Frames());
    }

    [Fact]
    public void A_stream_that_we_reset_has_freed_its_place_too()
    {
        var rig = Rig.Server(new() { MaxConcurrentStreams = 1 });
        rig.Get(1);
        rig.Reset(1);
        rig.Forget();
        rig.Get(3);
        Assert.Equal(["request 3 end GET /"], rig.Events());
    }

    [Fact]
    public void Far_more_work_behind_closed_streams_than_there_may_be_streams_refuses_new_ones_until_some_is_retired()
    {
        var rig = Rig.Server(new() { MaxConcurrentStreams = 2 });
        for (var id = 1u; id < 17; id += 2)
            rig.Get(id).Rst(id);
        Assert.Empty(rig.Frames());
        rig.Get(17);
        Assert.Equal(["RST_STREAM 17 RefusedStream"], rig.Frames());
        rig.Retire(1);
        rig.Retire(1);
        rig.Retire(99);
        rig.Forget();
        rig.Get(19).Rst(19);
        Assert.Equal(["request 19 end GET /", "closed 19 Cancel abnormal"], rig.Events());
        rig.Get(21);
        Assert.Equal(["RST_STREAM 21 RefusedStream"], rig.Frames());
    }

    [Fact]
    public void Retiring_a_live_stream_does_nothing()
    {
        var rig = Rig.Server();
        rig.Post(1);
        var before = rig.State;
        rig.Retire(1);
        Assert.Equal(before, rig.State);
    }
}
