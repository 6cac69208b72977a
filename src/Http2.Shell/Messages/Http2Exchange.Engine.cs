using Http2.Pure;

namespace Http2.Shell;

/// <content>What the connection's owner keeps for a stream, and what it delivers.</content>
public abstract partial class Http2Exchange
{
    private Http2Connection? _engine;

    internal Http2Connection Engine => _engine ?? throw new InvalidOperationException(
        "The request is not there yet: use the members of a handler from OnHeaders on, not in its constructor.");

    internal abstract void DeliverHeaders(bool endStream);

    internal abstract void DeliverData(ReadOnlyMemory<byte> data);

    internal abstract void DeliverRequestDone();

    internal abstract void DeliverClose(ErrorCode code);
}
