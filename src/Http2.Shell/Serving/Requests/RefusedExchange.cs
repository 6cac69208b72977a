namespace Http2.Shell;

/// <summary>A request that the server answers itself: no handler hears of it, and its body is thrown away.</summary>
/// <param name="refusal">The answer; null when it is given elsewhere.</param>
internal sealed class RefusedExchange(Http2Response? refusal = null) : Http2Exchange
{
    private static readonly Http2Headers TextFields =
        [("content-type", "text/plain; charset=utf-8"), ("x-content-type-options", "nosniff")];

    /// <summary>The request is for an origin that the connection is not for (RFC 9110 §15.5.20).</summary>
    public static Http2Response Misdirected { get; } = new(
        421, TextFields,
        "421 Misdirected Request: this connection is for another scheme or another host; open a connection of its own for this request.\n");

    /// <summary>The request asks for a tunnel, and there are none here (RFC 9110 §9.3.6, §15.6.2).</summary>
    public static Http2Response NoTunnels { get; } = new(
        501, TextFields, "501 Not Implemented: this server is no proxy; CONNECT does not work here.\n");

    private protected override bool IsBodyBegun => true;

    /// <summary>Answers, and throws away what comes. Owner only.</summary>
    internal void Deliver(in Delivery delivery)
    {
        if (delivery.Kind == Delivery.Kinds.Headers)
        {
            if (refusal is null)
                return;
            Serving.Answers.Respond(this, refusal);
            Abandon();
            Engine.Streams.LookUnread(this);
        }
        else if (delivery.Kind == Delivery.Kinds.Data)
        {
            Engine.Commands.Consume(this, delivery.Data.Length);
        }
    }
}
