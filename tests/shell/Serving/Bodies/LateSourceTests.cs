using System.IO.Pipelines;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Bodies of responses whose octets come later than they are asked for, and what is held for bodies.</summary>
public sealed class LateSourceTests
{
    [Fact]
    public async Task A_source_counts_as_at_work_until_it_has_answered_and_no_longer()
    {
        var pipe = new Pipe();
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], ResponseBody.From(pipe.Reader))));
        var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.Response(id);
        Assert.True(SpinWait.SpinUntil(() => serving.Server.Load.Handlers == 1, Patience.Time));
        for (var i = 0; i < 3; i++)
            await pipe.Writer.WriteAsync(new byte[10]);
        await pipe.Writer.CompleteAsync();
        Assert.Equal(30, (await client.Body(id)).Length);
        await client.SettleAsync();
        Assert.False(serving.Server.Connections.Single().Share.HasBuffers);
        await client.DisposeAsync();
        await serving.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_buffer_belongs_to_its_source_until_that_has_answered_whatever_became_of_the_stream()
    {
        var source = new DeafStream();
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], source)));
        var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        await client.Response(id);
        Assert.True(SpinWait.SpinUntil(() => source.IsAsked, Patience.Time));
        await client.ResetAsync(id, ErrorCode.Cancel);
        await client.SettleAsync();
        Assert.Equal(1, serving.Server.Load.Handlers);
        Assert.True(serving.Server.Connections.Single().Share.HasBuffers);
        source.Answer();
        await client.SettleAsync();
        Assert.True(SpinWait.SpinUntil(() => !serving.Server.Connections.Single().Share.HasBuffers, Patience.Time));
        await client.DisposeAsync();
        await serving.NothingIsHeldAsync();
    }

    [Fact]
    public async Task A_source_that_is_left_behind_is_not_asked_again_before_it_has_come_back()
    {
        using var goOn = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var (inside, most, left) = (0, 0, 3);
        GeneratedBody? body = null;
        body = ResponseBody.Generate(_ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            if (left == 3)
            {
                begun.Set();
                goOn.Wait();
            }
            Interlocked.Decrement(ref inside);
            return left-- > 0 ? BodyRead.Data(10) : BodyRead.End;
        });
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], body)));
        var client = await RawClient.ConnectAsync(serving);
        var id = await client.RequestAsync("/");
        Assert.True(await Task.Run(() => begun.Wait(Patience.Time)));
        // the connection goes on without the thread that is in the source
        await client.SettleAsync();
        for (var i = 0; i < 3; i++)
        {
            body.Resume();
            await client.SettleAsync();
        }
        goOn.Set();
        Assert.Equal(30, (await client.Body(id)).Length);
        Assert.Equal(1, most);
        await client.DisposeAsync();
        await serving.NothingIsHeldAsync();
    }

    [Fact]
    public async Task What_a_large_body_of_the_application_counts_for_is_given_back_with_its_stream()
    {
        await using var serving = await Serving.StartAsync(static (_, _) => new(new Http2Response(200, [], new byte[300_000])));
        var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(300_000, (await client.Body(await client.RequestAsync("/"))).Length);
        await client.DisposeAsync();
        await serving.NothingIsHeldAsync();
    }

    // Hears of no token.
    private sealed class DeafStream : AsyncStream
    {
        private readonly TaskCompletionSource<int> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _isAsked;

        public bool IsAsked => _isAsked;

        public void Answer() => _answer.SetResult(0);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _isAsked = true;
            return new ValueTask<int>(_answer.Task);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();
    }
}
