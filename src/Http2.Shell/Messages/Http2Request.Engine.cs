using System.IO.Pipelines;
using Http2.Pure;

namespace Http2.Shell;

/// <content>How the engine drives a delegate.</content>
public sealed partial class Http2Request
{
    private PipeReader BodyReader() => throw new NotImplementedException();

    internal override void DeliverHeaders(bool endStream) => throw new NotImplementedException();

    internal override void DeliverData(ReadOnlyMemory<byte> data) => throw new NotImplementedException();

    internal override void DeliverRequestDone() => throw new NotImplementedException();

    internal override void DeliverClose(ErrorCode code) => throw new NotImplementedException();
}
