using Http2.Pure;
using Xunit;

namespace Http2.Properties.Connections;

/// <summary>One message in one direction: what was sent against what came.</summary>
internal sealed class Message
{
    public List<byte> Body { get; } = [];

    public string Head { get; set; } = "";

    public string Trailers { get; set; } = "";

    public bool Ended { get; set; }

    public void AssertSame(Message came, string what)
    {
        Assert.True(Ended && came.Ended, $"{what}: ended {Ended}, came to its end {came.Ended}");
        Assert.True(Head == came.Head, $"{what}: sent {Head}, came {came.Head}");
        Assert.True(Body.SequenceEqual(came.Body), $"{what}: {Body.Count} octets sent, {came.Body.Count} came, or others");
        Assert.True(Trailers == came.Trailers, $"{what}: trailers {Trailers}, came {came.Trailers}");
    }
}

/// <summary>A request and its response, as one of the two applications sees it.</summary>
internal sealed class Exchange(StreamId id)
{
    public StreamId Id { get; } = id;

    public string Method { get; set; } = "GET";

    public Message Sent { get; } = new();

    public Message Came { get; } = new();

    /// <summary>Whether this end has begun its message.</summary>
    public bool Begun { get; set; }

    /// <summary>What this end declared and has not sent yet, or -1.</summary>
    public long Left { get; set; } = -1;

    /// <summary>Octets that came and were not given back yet.</summary>
    public int Unconsumed { get; set; }

    /// <summary>Whether this end gave the exchange up.</summary>
    public bool GivenUp { get; set; }

    /// <summary>Whether all that this end had to say was on the wire when it gave up.</summary>
    public bool Complete { get; set; }

    /// <summary>How often this end was told that the stream is closed.</summary>
    public int Closed { get; set; }

    public ErrorCode Code { get; set; }

    public bool Abnormal { get; set; }

    public bool Retired { get; set; }

    /// <summary>Whether this end may still send on it.</summary>
    public bool CanSend => Closed == 0 && Begun && !Sent.Ended && (!IsTunnel || Came.Head.Length > 0);

    /// <summary>Whether it is a CONNECT request: nothing goes through before the answer, and trailers never do.</summary>
    public bool IsTunnel => Method == "CONNECT";
}
