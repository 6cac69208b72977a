using Http2.Pure;

namespace Http2.Conformance;

/// <summary>
/// What a case can expect of a client: on the wire, and of its end. The end counts as far as the client is in the habit of telling by it whether
/// the response came.
/// </summary>
internal static class ClientExpectations
{
    private const string Refusal = "the client to refuse what came";

    /// <summary>The client has all it asked for: it ends the connection without a fault, says so, and gives the body out.</summary>
    /// <param name="s">The server's end.</param>
    /// <param name="hasBody">Whether the response had the body of the run.</param>
    public static async Task ExpectServed(this ServerEnd s, bool hasBody = true)
    {
        await s.UntilEnd(frame =>
        {
            // A stream of the server may be refused, whatever becomes of the request.
            var isRequest = frame.Type == FrameType.GoAway || (frame.Type == FrameType.RstStream && frame.StreamId % 2 == 1);
            if (isRequest && frame.ErrorCode is not (ErrorCode.NoError or ErrorCode.Cancel))
                throw Speaker.Fail("no fault", FrameLine.Of(frame));
        }).ConfigureAwait(false);
        var ending = await s.HangUp().ConfigureAwait(false);
        if (s.Run.Habits is { ReportsFailure: true } && ending.ExitCode != 0)
            throw Speaker.Fail("the client to take the response", ServerEnd.InWords(ending));
        if (hasBody && s.Run.Habits is { WritesBodies: true } && !ending.Output.Contains(s.Run.Body, StringComparison.Ordinal))
            throw Speaker.Fail("the client to give the body out as it was sent", $"{ending.Output.Length} characters of output without it");
    }

    /// <summary>
    /// The client does not take what came for a response: where its end tells, that says so; else a fault on the wire must have.
    /// </summary>
    public static async Task ExpectRefused(this ServerEnd s)
    {
        var ending = await s.HangUp().ConfigureAwait(false);
        if (s.Run.Habits is { ReportsFailure: true } && ending.ExitCode == 0)
            throw Speaker.Fail(Refusal, "the client ended with exit code 0, as if it had got a response");
        if (s.Run.Habits is { ReportsFailure: false } && s.FaultTold is null)
            throw Speaker.Fail(Refusal, "the client ended the connection without an error code");
    }

    /// <summary>The client has got no response, and does not say that it has.</summary>
    /// <param name="s">The server's end.</param>
    /// <param name="hangUp">Whether the server ends the connection; else the client does, or a wait for that is in vain.</param>
    public static async Task ExpectNoResponse(this ServerEnd s, bool hangUp = false)
    {
        await s.Flush().ConfigureAwait(false);
        if (!hangUp)
            await s.UntilEnd(static _ => { }).ConfigureAwait(false);
        var ending = await s.HangUp().ConfigureAwait(false);
        if (s.Run.Habits is { ReportsFailure: true } && ending.ExitCode == 0)
            throw Speaker.Fail(Refusal, "the client ended with exit code 0, as if it had got a response");
    }

    /// <summary>Reads until a condition holds, the client ends the connection, or nothing more comes.</summary>
    public static async Task UntilEndOr(this ServerEnd s, Func<bool> holds)
    {
        while (!holds() && (await s.Next().ConfigureAwait(false)).Outcome == ReadOutcome.Frame)
        {
            // The condition looks at what has come.
        }
    }

    /// <summary>Reads until the client ends the connection, or nothing more comes.</summary>
    public static async Task UntilEnd(this ServerEnd s, Action<WireFrame> judge)
    {
        while (await s.Next().ConfigureAwait(false) is (ReadOutcome.Frame, var frame))
            judge(frame);
    }

    /// <summary>
    /// A connection error with one of the codes. A client that ends the connection without a code must at least tell that it has no response; whether
    /// one that gives the code tells it is judged by a case of its own.
    /// </summary>
    public static async Task ExpectConnectionFault(this ServerEnd s, params ErrorCode[] codes)
    {
        await s.ExpectGoAway(codes).ConfigureAwait(false);
        if (s.FaultTold is null)
            await s.ExpectRefused().ConfigureAwait(false);
        else
            await s.HangUp().ConfigureAwait(false);
    }

    /// <summary>
    /// A stream error on the first request's stream, or a connection error, with one of the codes. Where the code is that of malformed messages, the
    /// client has no response either (RFC 9113 §8.1.1).
    /// </summary>
    public static async Task ExpectRequestFault(this ServerEnd s, params ErrorCode[] codes)
    {
        await s.ExpectStreamFault(s.StreamId, codes).ConfigureAwait(false);
        if (s.FaultTold is null || codes.Contains(ErrorCode.ProtocolError))
            await s.ExpectRefused().ConfigureAwait(false);
        else
            await s.HangUp().ConfigureAwait(false);
    }

    /// <summary>What was sent was accepted; the response comes to its end, and the client takes it.</summary>
    public static async Task ExpectAccepted(this ServerEnd s)
    {
        await s.ExpectTolerated().ConfigureAwait(false);
        s.Content();
        await s.ExpectServed().ConfigureAwait(false);
    }

    /// <summary>Reads until the client's frames so far satisfy a condition.</summary>
    /// <param name="s">The server's end.</param>
    /// <param name="expected">What is waited for, in words.</param>
    /// <param name="holds">Whether it has come.</param>
    public static async Task ExpectUntil(this ServerEnd s, string expected, Func<bool> holds)
    {
        while (!holds())
        {
            var (outcome, _) = await s.Next().ConfigureAwait(false);
            if (outcome != ReadOutcome.Frame)
                throw Speaker.Fail(expected, outcome.InWords());
        }
    }

    /// <summary>Hangs up and waits until the client has ended.</summary>
    /// <exception cref="CaseFailedException">It does not end in time.</exception>
    public static async Task<ClientEnding> HangUp(this ServerEnd s)
    {
        s.Run.StopListening();
        await s.DisposeAsync().ConfigureAwait(false);
        return await s.Run.EndingAsync(s.Timeout * 2).ConfigureAwait(false)
            ?? throw Speaker.Fail("the client to end", "it is still running");
    }
}
