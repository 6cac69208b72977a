using BenchmarkDotNet.Attributes;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Bench.Micro;

/// <summary>Parses frames from octets, without a connection.</summary>
public class FrameBench
{
    private readonly Octets _headers = new(new Traffic().First);
    private readonly Octets _data = new(new byte[] { 0, 0, 13, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 });

    /// <summary>A HEADERS frame with its block.</summary>
    [Benchmark]
    public bool Headers() => Frames.Parse(_headers, new FrameLimits(FrameHeader.MaxLength, 100)).IsRight;

    /// <summary>A short DATA frame.</summary>
    [Benchmark]
    public bool Data() => Frames.Parse(_data, new FrameLimits(FrameHeader.MaxLength, 100)).IsRight;
}

/// <summary>The core of a server's connection, on the face with spans: requests come in, and responses go out.</summary>
public class StepBench
{
    private readonly Traffic _traffic = new();
    private readonly Effects _effects = new();
    private readonly OutboundHead _head = new(200, [new HeaderField("content-type", "text/plain")], 13);
    // What the core tells about responses goes to a list of its own, because the events of the requests are being enumerated.
    private readonly Effects _answers = new();
    private readonly byte[] _body = "Hello, World!"u8.ToArray();
    private ConnectionState _state;

    /// <summary>Opens the connection.</summary>
    [GlobalSetup]
    public void Open()
    {
        var unlimited = new ConnectionOptions { LastStreamBeforeShutdown = int.MaxValue };
        _state = Connection.Open(Role.Server, unlimited, 0, _effects);
        Take(_traffic.Opening);
    }

    /// <summary>One request of a batch and its response.</summary>
    [Benchmark(OperationsPerInvoke = Traffic.Requests - 1)]
    public int RequestAndResponse()
    {
        Take(_traffic.Next());
        var length = _effects.Output.Length;
        _effects.Output.Truncate(0);
        return length;
    }

    private void Take(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            _state = Connection.Receive(in _state, octets, 0, _effects, out var consumed);
            octets = octets[consumed..];
            foreach (var happened in _effects.Events)
            {
                if (happened is ConnectionEvent.RequestReceived request)
                    Answer(request.Id);
                else if (happened is ConnectionEvent.ConnectionFaulted fault)
                    throw new InvalidOperationException(fault.ToString());
            }
            _effects.Events.Clear();
        }
    }

    private void Answer(StreamId id)
    {
        var refusal = Connection.SubmitResponse(in _state, id, _head, new OutboundBody(_body, EndStream: true), _answers, out _state);
        if (refusal != Refusal.None)
            throw new InvalidOperationException(refusal.ToString());
        _effects.Output.Write(_answers.Output.WrittenMemory.Span);
        _answers.Output.Truncate(0);
        _answers.Events.Clear();
    }
}
