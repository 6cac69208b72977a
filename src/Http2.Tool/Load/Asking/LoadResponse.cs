using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// One request of a client and what comes of it. It is told by the owner of the connection itself, on the thread that has read the response: unlike a
/// handler of the user's (<see cref="Http2ResponseHandler"/>) it never blocks, so nobody has to be ready to take the connection from it.
/// </summary>
/// <param name="client">Whose request it is.</param>
/// <param name="since">Since when it is measured, as ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="cancelled">When it is cancelled on purpose, if it is.</param>
internal sealed class LoadResponse(LoadClient client, long since, Cancelled cancelled) : Http2ClientExchange
{
    // What RFC 9113 §6.5.2 adds to the size of each field.
    private const int FieldOverhead = 32;

    /// <summary>Since when it is measured.</summary>
    public long Since => since;

    /// <summary>When it is cancelled on purpose.</summary>
    public Cancelled Cancelled => cancelled;

    /// <summary>The octets of the fields of its head before compression: names and values.</summary>
    public long FieldOctets => HeadFields.Size - (FieldOverhead * (long)HeadFields.Count);

    /// <summary>Octets of the body that came and that the server has got no credit for.</summary>
    public int Unread { get; set; }

    /// <summary>Gives the server credit for octets of the body. Any thread.</summary>
    public void Credit(int octets) => Engine.Commands.Consume(this, octets);

    internal override void DeliverOpened()
    {
    }

    internal override bool DeliverHead(bool isWhole)
    {
        client.OnHead(this);
        if (cancelled == Cancelled.AtHead)
            Reset(ErrorCode.Cancel);
        return true;
    }

    internal override bool DeliverInformational(Http2ResponseHead head) => true;

    internal override bool DeliverData(ReadOnlyMemory<byte> data, bool isLast)
    {
        client.OnData(this, data.Length);
        if (cancelled == Cancelled.InBody)
            Reset(ErrorCode.Cancel);
        return true;
    }

    internal override bool DeliverDone() => true;

    internal override bool DeliverClosed(ErrorCode code, Exception? failure)
    {
        TellClosed();
        client.OnEnd(this, code, failure);
        return true;
    }

    internal override Http2ClientExchange? TakePush() => null;

    internal override bool DeliverPush(Http2ClientExchange pushed) => true;
}

/// <summary>When a request is cancelled on purpose.</summary>
internal enum Cancelled : byte
{
    /// <summary>It is not.</summary>
    Never,

    /// <summary>As soon as it is sent.</summary>
    AtOnce,

    /// <summary>When the head of its response has come.</summary>
    AtHead,

    /// <summary>When a part of the response's body has come.</summary>
    InBody,
}
