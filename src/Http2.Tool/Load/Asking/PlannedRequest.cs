using Http2.Shell;

namespace Http2.Tool;

/// <summary>A request that clients send.</summary>
/// <param name="Request">The request; its body, if any, is of fixed octets, so that it can be sent any number of times.</param>
/// <param name="At">With a timing script, how long after the start of its client it is sent.</param>
internal sealed record PlannedRequest(Http2ClientRequest Request, TimeSpan At = default);
