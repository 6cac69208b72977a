using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A response that cannot be sent does not keep what its body holds, whoever is told that it cannot.</summary>
public sealed class RefusedAnswerTests
{
    [Theory]
    [InlineData("status", false)]
    [InlineData("length", false)]
    [InlineData("second", false)]
    [InlineData("status", true)]
    [InlineData("length", true)]
    [InlineData("second", true)]
    public async Task The_body_of_a_response_that_is_refused_is_disposed_of(string why, bool onAnotherThread)
    {
        var body = new WatchedStream(new byte[10]);
        void Answer(ScriptedHandler handler)
        {
            if (why == "second")
                handler.SendResponse();
            try
            {
                handler.SendResponse(
                    why == "status" ? 42 : 200, why == "length" ? [("content-length", "9")] : [], ResponseBody.From(body));
            }
            catch (Http2MisuseException)
            {
                if (why != "second")
                    handler.SendResponse(500);
            }
        }
        var handlers = new Handlers(() => new()
        {
            Headers_ = handler =>
            {
                if (onAnotherThread)
                    Task.Run(() => Answer(handler));
                else
                    Answer(handler);
            },
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        await using var client = await RawClient.ConnectAsync(serving);
        var response = await client.Response(await client.RequestAsync("/"));
        Assert.Equal(why == "second" ? 200 : 500, response.Head.Status);
        await body.Disposed.Soon();
    }

    [Fact]
    public async Task A_writer_that_returns_no_task_is_named_in_the_log()
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], ResponseBody.Write((_, _) => null!))));
        await using var client = await RawClient.ConnectAsync(serving);
        Assert.Equal(ErrorCode.InternalError, await client.Closed(await client.RequestAsync("/")));
        Assert.Contains("must return a task", Assert.Single(serving.Log.Errors));
    }
}
