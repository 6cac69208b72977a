using Http2.Pure;

namespace Http2.Shell;

/// <summary>One connection: the sole owner of its state.</summary>
internal sealed partial class Http2Connection
{
    public Http2ConnectionInfo Info => throw new NotImplementedException();

    public Misuse WhyNoPush(Http2Exchange exchange) => throw new NotImplementedException();

    public void SendInformational(Http2Exchange exchange, int status, Http2Headers headers) => throw new NotImplementedException();

    public void Respond(Http2Exchange exchange, Http2Response response) => throw new NotImplementedException();

    public Http2Exchange Push(Http2Exchange parent, string path, string method, Http2Headers headers, Http2Response response) =>
        throw new NotImplementedException();

    public void Reset(Http2Exchange exchange, ErrorCode code) => throw new NotImplementedException();

    public void Consume(Http2Exchange exchange, int octets) => throw new NotImplementedException();
}
