using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What a client's connection was told can be stepped through again, and gives the same octets.</summary>
public sealed class ClientRecordingTests
{
    [Fact]
    public async Task A_recording_of_a_client_replays_octet_for_octet()
    {
        var tap = new Tap();
        await using (var pair = ClientPair.Start(
            async request => new Http2Response(200, [], await RequestTests.BytesAsync(request.Body)), new() { FrameTap = tap }))
        {
            var stream = await pair.Client.SendAsync(new("POST", "/", null, new byte[100_000]) { Priority = new Http2Priority(1) });
            stream.Reprioritize(new Http2Priority(2));
            Assert.Equal(100_000, (await RequestTests.BytesAsync(stream.Body).Soon()).Length);
            await pair.Client.PingAsync().Soon();
        }
        await tap.Ended.Task.Soon();
        Assert.Equal(Role.Client, tap.Role);
        var fold = Connection.Start(tap.Role, tap.Options!, tap.Since);
        List<byte> sent = [.. fold.Output.Span];
        foreach (var input in tap.Inputs)
        {
            fold = Connection.Step(fold.State, input);
            sent.AddRange(fold.Output.Span);
        }
        Assert.Equal(tap.Written, sent);
    }

    private sealed class Tap : Http2FrameTap
    {
        public override bool TakesInputs => true;

        public Role Role { get; private set; }

        public ConnectionOptions? Options { get; private set; }

        public long Since { get; private set; }

        public List<Input> Inputs { get; } = [];

        public List<byte> Written { get; } = [];

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Started(Http2ConnectionInfo connection, Role role, ConnectionOptions options, long now) =>
            (Role, Options, Since) = (role, options, now);

        public override void Sent(Http2ConnectionInfo connection, ReadOnlySpan<byte> octets) => Written.AddRange(octets);

        // The memory that an input refers to is valid during the call only.
        public override void Input(Http2ConnectionInfo connection, Input input) => Inputs.Add(input switch
        {
            Http2.Pure.Input.Received received => received with { Octets = Octets.Copy(received.Octets.Span) },
            Http2.Pure.Input.SubmitData data => data with { Data = Octets.Copy(data.Data.Span) },
            _ => input,
        });

        public override void Closed(Http2ConnectionInfo connection) => Ended.TrySetResult();
    }
}
