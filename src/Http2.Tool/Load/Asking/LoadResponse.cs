using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>One request of a client and what comes of it. Its callbacks come one at a time, on the thread that has read the response.</summary>
/// <param name="client">Whose request it is.</param>
/// <param name="since">Since when it is measured, as ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="cancelled">When it is cancelled on purpose, if it is.</param>
internal sealed class LoadResponse(LoadClient client, long since, Cancelled cancelled) : Http2ResponseHandler
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

    /// <summary>From here on the server gets credit only as the client reads.</summary>
    public void ReadSlowly() => AutoConsume = false;

    /// <inheritdoc/>
    protected override void OnResponse()
    {
        client.OnHead(this);
        if (cancelled == Cancelled.AtHead)
            Reset(ErrorCode.Cancel);
    }

    /// <inheritdoc/>
    protected override void OnData(ReadOnlyMemory<byte> chunk)
    {
        client.OnData(this, chunk.Length);
        if (cancelled == Cancelled.InBody)
            Reset(ErrorCode.Cancel);
    }

    /// <inheritdoc/>
    protected override void OnClose(ErrorCode errorCode, Exception? failure) => client.OnEnd(this, errorCode, failure);
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
