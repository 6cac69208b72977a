using System.Threading.Channels;

namespace Http2.Shell.Tests;

/// <summary>A transport whose other end is the test: it says what is received, and when a write is complete.</summary>
internal sealed class ScriptedTransport : ITransport
{
    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();
    private readonly List<byte> _sent = [];
    private TaskCompletionSource? _held;
    private TaskCompletionSource _stirred = new();

    /// <summary>All that was sent.</summary>
    public byte[] Sent => [.. _sent];

    /// <summary>How many writes there were.</summary>
    public int Writes { get; private set; }

    /// <summary>Whether writes wait for <see cref="Release"/>.</summary>
    public bool HoldsWrites { get; set; }

    /// <summary>What the next write fails with, or null.</summary>
    public Exception? SendFailure { get; set; }

    /// <summary>Whether it can be waited for octets without a buffer.</summary>
    public bool TellsReadiness { get; set; }

    /// <summary>Is told of each write, how many octets it has.</summary>
    public Action<int> OnSend { get; set; } = static _ => { };

    /// <summary>Happens within each call that closes the transport.</summary>
    public Action OnClose { get; set; } = static () => { };

    public bool IsClosed { get; private set; }

    public bool HasFinishedSending { get; private set; }

    public TransportReport Report { get; set; }

    public long Taken => _sent.Count;

    TransportReport ITransport.Report() => Report;

    /// <summary>Octets come.</summary>
    public void Come(params byte[] octets) => _received.Writer.TryWrite(octets);

    /// <summary>The peer sends nothing any more.</summary>
    public void ComeToEnd() => _received.Writer.TryWrite([]);

    /// <summary>Says that octets have come although none have.</summary>
    public void Stir()
    {
        var stirred = _stirred;
        _stirred = new TaskCompletionSource();
        stirred.SetResult();
    }

    /// <summary>Completes the write that waits.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held!.SetResult();
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            await Task.WhenAny(_received.Reader.WaitToReadAsync().AsTask(), _stirred.Task);
            return 0;
        }
        var octets = await _received.Reader.ReadAsync();
        octets.CopyTo(buffer);
        return octets.Length;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> octets)
    {
        if (SendFailure is { } failure)
            throw failure;
        Writes++;
        OnSend(octets.Length);
        _sent.AddRange(octets.Span);
        if (!HoldsWrites)
            return default;
        _held = new TaskCompletionSource();
        return new ValueTask(_held.Task);
    }

    public ValueTask FinishSendingAsync()
    {
        HasFinishedSending = true;
        return default;
    }

    public void Close()
    {
        IsClosed = true;
        OnClose();
        _received.Writer.TryComplete();
    }
}
