using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class FailingTransportTests
{
    public static TheoryData<int, bool> Steps
    {
        get
        {
            var data = new TheoryData<int, bool>();
            for (var step = 1; step <= 20; step++)
            {
                data.Add(step, true);
                data.Add(step, false);
            }
            return data;
        }
    }

    /// <summary>Whichever read or write of the transport fails, every handler sees its end once and the connection is gone.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_transport_that_fails_at_any_step_closes_every_stream_once(int step, bool reading)
    {
        var handlers = new Handlers(() => new ScriptedHandler
        {
            Headers_ = h =>
            {
                if (h.CanPush)
                    h.Push("/pushed", body: new WatchedStream(new byte[50_000]));
            },
            Done_ = h => Task.Run(() =>
            {
                try
                {
                    h.SendResponse(200, body: new WatchedStream(new byte[100_000]));
                }
                catch (Http2MisuseException)
                {
                    // The stream was closed before.
                }
            }),
        });
        await using var serving = await Serving.StartAsync(handlers.Make);
        var (ours, theirs) = PipeEnds.Create();
        var transport = new FailingStream(theirs.AsStream(), step, reading);
        var served = serving.Server.ServeAsync(transport);
        await Record.ExceptionAsync(async () =>
        {
            await using var client = await RawClient.OverAsync(ours.AsStream());
            for (var i = 0; i < 3; i++)
            {
                var id = await client.RequestAsync("/", "POST", endStream: false);
                await client.DataAsync(id, new byte[30_000], endStream: true);
                await client.Body(id);
            }
        });
        await served.Soon();
        foreach (var handler in handlers.Made)
        {
            await handler.Closed.Soon();
            Assert.Single(handler.Calls, c => c.StartsWith("close"));
            Assert.DoesNotContain("CONCURRENT", handler.Calls);
        }
        Assert.Equal(0, serving.Server.ConnectionCount);
        Assert.True(transport.IsDisposed);
        Assert.Empty(serving.Log.Errors);
    }

    private sealed class FailingStream(Stream inner, int step, bool reading) : Stream
    {
        private int _reads, _writes;

        public bool IsDisposed { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            reading && ++_reads >= step ? throw new IOException("the transport failed") : inner.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            !reading && ++_writes >= step ? throw new IOException("the transport failed") : inner.WriteAsync(buffer, cancellationToken);

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            inner.Dispose();
        }
    }
}
