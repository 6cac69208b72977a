using System.IO.Pipelines;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Connections over streams of the user's, of which not all end an operation that is under way when they are disposed of.</summary>
public sealed class StreamTransportTests
{
    /// <summary>A pipe's stream does not wake its reader, and a client of it may say nothing at all.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_only_heeds_its_token_is_given_up_when_the_server_stops(bool isOpen)
    {
        await using var serving = await Serving.StartAsync((_, _) => new(new Http2Response(200, [], "alive")));
        var (ours, theirs) = PipeEnds.Create();
        var served = serving.Server.ServeAsync(new HeedlessStream(theirs));
        if (isOpen)
        {
            var client = await RawClient.OverAsync(ours.AsStream());
            Assert.Equal("alive", await client.Text(await client.RequestAsync("/")));
        }
        await serving.Server.StopAsync(new CancellationToken(canceled: true)).Soon();
        await served.Soon();
        await serving.NothingIsHeldAsync();
    }

    private sealed class HeedlessStream(IDuplexPipe pipe) : AsyncStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await pipe.Input.ReadAsync(cancellationToken);
            var octets = (int)Math.Min(read.Buffer.Length, buffer.Length);
            System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, octets), buffer.Span);
            pipe.Input.AdvanceTo(read.Buffer.GetPosition(octets));
            return octets;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            await pipe.Output.WriteAsync(buffer, cancellationToken);
    }
}
