using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Arguments that make no sense are refused where they are given.</summary>
public sealed class RefusalTests
{
    [Fact]
    public void What_makes_no_sense_is_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DecoderState.Create(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecoderState.Create().WithMaxTableSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EncoderState.Create(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EncoderState.Create().WithMaxTableSize(-1));
        Assert.Throws<ArgumentNullException>(() => EncoderState.Create().WithPolicy(null!));
        Assert.Throws<ArgumentNullException>(() => HpackDecoder.Decode(null!, default));
        Assert.Throws<ArgumentNullException>(() => HpackDecoder.Decode(null!, default, 1, new FieldArena(), out _, out _));
        Assert.Throws<ArgumentNullException>(() => HpackDecoder.Decode(DecoderState.Create(), default, 1, null!, out _, out _));
        Assert.Throws<ArgumentNullException>("state", () => HpackEncoder.Encode(null!, []));
        Assert.Throws<ArgumentNullException>("fields", () => HpackEncoder.Encode(EncoderState.Create(), null!));
        Assert.Throws<ArgumentNullException>("state", () => { _ = new BlockWriter(null!, new OutputBuffer()); });
        Assert.Throws<ArgumentNullException>("output", () => { _ = new BlockWriter(EncoderState.Create(), (OutputBuffer)null!); });
        Assert.Throws<ArgumentNullException>("field", () => Writing(writer => writer.Write(null!)));
        Assert.Throws<ArgumentOutOfRangeException>("status", () => Writing(writer => writer.WriteStatus(99)));
        Assert.Throws<ArgumentOutOfRangeException>("status", () => Writing(writer => writer.WriteStatus(1000)));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Writing(writer => writer.WriteContentLength(-1)));
        Assert.Throws<ArgumentNullException>(() => IndexingPolicy.FromRule(null!));
        Assert.Throws<ArgumentNullException>(() => IndexingPolicy.All.With(null!, Indexing.Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => IndexingPolicy.All.WithShortCookies(-1));
    }

    private static void Writing(Action<Writer> write) => write(new Writer());

    // a ref struct cannot go into a lambda, so each call makes its own
    private sealed class Writer
    {
        public void Write(HeaderField field) => New().Write(field);

        public void WriteStatus(int status) => New().WriteStatus(status);

        public void WriteContentLength(long length) => New().WriteContentLength(length);

        private static BlockWriter New() => new(EncoderState.Create(), new OutputBuffer());
    }
}
