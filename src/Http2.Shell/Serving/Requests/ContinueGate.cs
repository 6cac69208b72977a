namespace Http2.Shell;

/// <summary>
/// What stands between a handler and a client that holds the body of its request back until it is told to go on: 100 (Continue) is sent
/// when somebody wants the body, once, and not when the body comes anyway or the final response is on its way (RFC 9110 §10.1.1). There is
/// one for each request that asks for it; the rest is <see cref="Continuations"/>.
/// </summary>
internal sealed class ContinueGate(Http2Exchange exchange)
{
    private volatile bool _passed;
    private bool _begun;
    private AskingTask? _asking;
    private TaskCompletionSource? _beginning;

    /// <summary>Whether nobody waits any more: 100 went out, or the body came without it. Any thread.</summary>
    public bool IsPassed => _passed;

    /// <summary>Whether the body has begun to come, or will never come. Owner only.</summary>
    public bool HasBegun => _begun;

    /// <summary>The body is wanted. Any thread; asking again does no harm.</summary>
    public void Want()
    {
        if (!_passed)
            exchange.Serving.Continuations.Want(exchange, _asking ??= new AskingTask(exchange));
    }

    /// <summary>From here on nobody waits. Owner only.</summary>
    /// <returns>Whether somebody did before.</returns>
    public bool TryPass()
    {
        var waited = !_passed;
        _passed = true;
        return waited;
    }

    /// <summary>The body begins to come, or the stream is closed. Owner only.</summary>
    public void Begin()
    {
        _begun = true;
        _beginning?.TrySetResult();
    }

    /// <summary>
    /// Holds a response until the body has begun to come: a final status tells a client that waits that the body is not wanted. Owner only.
    /// </summary>
    public async ValueTask<Http2Response> HoldAsync(Http2Response response)
    {
        Want();
        _beginning = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _beginning.Task.ConfigureAwait(false);
        return response;
    }

    private sealed class AskingTask(Http2Exchange exchange) : OwnerTask
    {
        public override void Run() => exchange.Serving.Continuations.Continue(exchange);
    }
}
