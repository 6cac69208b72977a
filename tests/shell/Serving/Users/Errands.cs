using System.Globalization;
using Http2.Pure;

namespace Http2.Shell.Tests;

/// <summary>How a request has ended for its user.</summary>
internal enum Outcome : byte
{
    /// <summary>It was not sent: the user had left before.</summary>
    NotSent,

    /// <summary>It has not ended.</summary>
    Open,

    /// <summary>The answer has come completely.</summary>
    Answered,

    /// <summary>The server has reset it.</summary>
    Reset,

    /// <summary>The user has reset it.</summary>
    GivenUp,

    /// <summary>The connection has ended before.</summary>
    Lost,
}

/// <summary>A request of a user, and what has come of it.</summary>
/// <param name="ask">What is asked for.</param>
internal sealed class Errand(Ask ask)
{
    public Ask Ask { get; } = ask;

    public Outcome Outcome { get; set; }

    public StreamId Id { get; set; }

    public long SentAt { get; set; }

    public long EndedAt { get; set; }

    public int Status { get; set; }

    public long Octets { get; set; }

    /// <summary>How many octets the handler says that it has read, or -1.</summary>
    public long Read { get; set; } = -1;

    public ErrorCode Code { get; set; }

    public bool IsOver => Outcome is not (Outcome.NotSent or Outcome.Open);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Ask}: {Outcome} with {Status}, {Octets} octets, {Code}, {EndedAt - SentAt} ms after it was sent");
}
