using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <content>What handlers ask for, from any thread: done at once by the owner, posted by others.</content>
internal sealed partial class Http2Connection
{
    // Larger bodies are queued while the transport is behind: sending them is then bounded by what it takes.
    private const int LargestBodyBehind = 16 * 1024;
    private const int LargestBodyAtOnce = 64 * 1024;

    private const int SmallestBodyBuffer = 4 * 1024;

    private int _bodyBuffers;

    /// <summary>Sends the response; the check that it is the first, and that it can be sent, is made on the caller's thread.</summary>
    /// <returns>False when it cannot be sent because the stream is closed, or was answered for the handler.</returns>
    /// <remarks>A body that is not sent is disposed of, whatever the reason: nobody else may have it in hand.</remarks>
    public bool Respond(Http2Exchange exchange, Http2Response response)
    {
        try
        {
            return RespondChecked(exchange, response);
        }
        catch
        {
            DiscardHere(exchange, response.Body);
            throw;
        }
    }

    private bool RespondChecked(Http2Exchange exchange, Http2Response response)
    {
        CheckStatus(response);
        if (!MayAnswer(exchange, exchange.TryAnswer()))
        {
            DiscardHere(exchange, response.Body);
            return false;
        }
        var turn = _ownership.TryTurn();
        if (!turn.IsTaken)
        {
            Post(new RespondMail(exchange, response));
            return true;
        }
        try
        {
            return RespondOrTakeBack(exchange, response);
        }
        finally
        {
            _ownership.End(turn);
        }
    }

    /// <summary>The same for the owner, when no user code is running.</summary>
    /// <exception cref="Http2MisuseException">The response may not be sent; its body is the caller's to give up.</exception>
    internal void RespondAsOwner(Http2Request exchange, Http2Response response)
    {
        CheckStatus(response);
        // Nobody but the owner answers for a delegate, and an atomic exchange would be felt by every request.
        if (!MayAnswer(exchange, exchange.TryAnswerAsOwner()))
        {
            Discard(exchange, response.Body);
            return;
        }
        RespondOrTakeBack(exchange, response);
    }

    // A response that may not be sent leaves room for another.
    private bool RespondOrTakeBack(Http2Exchange exchange, Http2Response response)
    {
        try
        {
            var misuse = RespondNow(exchange, response);
            return misuse is Misuse.None or Misuse.StreamClosed ? misuse == Misuse.None : throw MisuseText.Exception(misuse);
        }
        catch
        {
            exchange.TakeBackAnswer();
            throw;
        }
    }

    private static void CheckStatus(Http2Response response)
    {
        if (response.Status is < 200 or > 999)
            throw MisuseText.Status(response.Status);
    }

    // False when nothing can be sent any more, because the stream is closed or was answered for the handler.
    private static bool MayAnswer(Http2Exchange exchange, bool isFirst)
    {
        if (!isFirst && !exchange.IsAnsweredByServer)
            throw MisuseText.Exception(Misuse.ResponseAlreadySent);
        return isFirst && !exchange.IsClosed;
    }

    /// <summary>Sends an informational response.</summary>
    /// <returns>False when it cannot be sent because the stream is closed, or was answered for the handler.</returns>
    public bool SendInformational(Http2Exchange exchange, int status, Http2Headers headers)
    {
        if (status is < 100 or > 199 or 101)
            throw MisuseText.Status(status);
        if (exchange.IsAnswered && !exchange.IsAnsweredByServer)
            throw MisuseText.Exception(Misuse.ResponseAlreadySent);
        if (exchange.IsClosed || exchange.IsAnswered)
            return false;
        var turn = _ownership.TryTurn();
        if (!turn.IsTaken)
        {
            Post(new InformMail(exchange, status, headers));
            return true;
        }
        try
        {
            var misuse = InformNow(exchange, status, headers);
            return misuse is Misuse.None or Misuse.StreamClosed ? misuse == Misuse.None : throw MisuseText.Exception(misuse);
        }
        finally
        {
            _ownership.End(turn);
        }
    }

    public void Reset(Http2Exchange exchange, ErrorCode code)
    {
        var turn = _ownership.TryTurn();
        if (!turn.IsTaken)
        {
            if (!exchange.IsClosed)
                Post(new ResetMail(exchange, code));
            return;
        }
        try
        {
            ResetNow(exchange, code, Http2CloseCause.HandlerReset);
        }
        finally
        {
            _ownership.End(turn);
        }
    }

    /// <summary>Gives credit back. From other threads amounts add up until the owner comes round.</summary>
    public void Consume(Http2Exchange exchange, int octets)
    {
        if (octets == 0 || exchange.IsClosed)
            return;
        var turn = _ownership.TryTurn();
        if (!turn.IsTaken)
        {
            if (exchange.AddCredit(octets))
                Post(exchange.CreditMail);
            return;
        }
        try
        {
            Consume(exchange.StreamId, octets);
        }
        finally
        {
            _ownership.End(turn);
        }
    }

    private void Consume(StreamId id, int octets)
    {
        Memory.Move(octets);
        Core.Consume(id, octets);
    }

    internal Misuse RespondNow(Http2Exchange exchange, Http2Response response)
    {
        var body = response.Body ?? ResponseBody.Empty;
        var plan = response.Headers.Plan(_host.Server);
        var bodiless = response.Status is 204 or 205 or 304 || exchange.Method == "HEAD";
        var fields = response.Status == 204 ? plan.FieldsWithoutLength : plan.Fields;
        if (!bodiless && plan.HasContentLength && body.Length >= 0 && plan.ContentLength != body.Length)
            throw BodyLength.Mismatch(plan.ContentLength, $"the body has {body.Length}");
        var head = new OutboundHead(
            response.Status, fields, plan.HasContentLength ? -1 : ContentLength(exchange, response, body, bodiless),
            _host.Options.SendDate && !plan.HasDate ? _host.Clock.Date(Core.Now) : null);
        Misuse misuse;
        if (bodiless)
        {
            misuse = Core.SubmitResponse(exchange.StreamId, head, default, endStream: true);
            Discard(exchange, body);
        }
        else if (body is FixedBody fixedBody)
            misuse = RespondFixed(exchange, head, fixedBody.Octets, response);
        else if (body is not FileBody file || !TryRespondInPlace(exchange, head, file, response, out misuse))
            misuse = _host.Memory.TurnsAway
                ? RespondBusy(exchange, body)
                : RespondPumped(exchange, head, body, new BodyLength(plan.HasContentLength ? plan.ContentLength : body.Length), response);
        if (misuse != Misuse.None)
            return misuse;
        Unwatch(exchange.ReceivingPace);
        if (!bodiless)
            WatchSending(exchange);
        EndUnreadRequest(exchange);
        return misuse;
    }

    // RFC 9110 §8.6: neither 204 nor a tunnel has a length; HEAD tells the one that GET would have.
    private static long ContentLength(Http2Exchange exchange, Http2Response response, ResponseBody body, bool bodiless)
    {
        if (response.Status is 204 or 304 || (response.Status < 300 && exchange.Method == "CONNECT"))
            return -1;
        // RFC 9110 §15.3.6: 205 has no content whatever the method is
        if (response.Status == 205)
            return 0;
        return bodiless && response.Body is null ? -1 : body.Length;
    }

    private Misuse RespondFixed(Http2Exchange exchange, in OutboundHead head, ReadOnlyMemory<byte> octets, Http2Response response)
    {
        var id = exchange.StreamId;
        if (octets.Length <= (_output.IsSending ? LargestBodyBehind : LargestBodyAtOnce) && HasRoomAtOnce(response))
            return Core.SubmitResponse(id, head, octets, endStream: true);
        var misuse = Core.SubmitResponse(id, head, default, endStream: false);
        if (misuse != Misuse.None)
            return misuse;
        var trailers = response.TrailersBeforeBody;
        exchange.LentOctets = MemoryBudget.Lent(octets.Length);
        Memory.Hold(exchange.LentOctets);
        misuse = Core.SubmitData(id, octets, endStream: trailers is null);
        if (misuse == Misuse.None && trailers is not null)
            misuse = Core.SubmitTrailers(id, trailers.Fields);
        if (misuse == Misuse.None)
            return misuse;
        // The head is out; what follows cannot be, so the stream must not look complete.
        Log.ResponseRefused(_host.Logger, Info.Id, id, MisuseText.Of(misuse));
        ResetNow(exchange, ErrorCode.InternalError, Http2CloseCause.HandlerFailed);
        return Misuse.None;
    }

    // What is written at once is beyond recall, so there must not be much of it.
    private bool HasRoomAtOnce(Http2Response response) =>
        !response.HasTrailers && Core.Output.Length < _host.Options.MaxUnsentPerConnection;

    /// <summary>Reads a small file to where it is sent from; answers false, and has done nothing, when that is not possible now.</summary>
    private bool TryRespondInPlace(Http2Exchange exchange, in OutboundHead head, FileBody file, Http2Response response, out Misuse misuse)
    {
        misuse = Misuse.None;
        var id = exchange.StreamId;
        if (_output.IsSending || !HasRoomAtOnce(response) || file.Length == 0 || file.Length > Core.RoomAtOnce(id))
            return false;
        misuse = Core.SubmitInPlace(id, head, (int)file.Length, file, out var isFilled);
        if (misuse != Misuse.None)
            Discard(exchange, file);
        else if (isFilled)
        {
            // Behind the transition, which must not be lost when what owns the file throws.
            GiveBack(exchange, file);
        }
        return isFilled;
    }

    private Misuse RespondPumped(
        Http2Exchange exchange, in OutboundHead head, ResponseBody body, BodyLength length, Http2Response response)
    {
        // Before the head is out: instead of a body that cannot be opened there may be another answer.
        var pump = new BodyPump(this, exchange, body, length, response);
        var misuse = Core.SubmitResponse(exchange.StreamId, head, default, endStream: false);
        if (misuse != Misuse.None)
        {
            pump.Stop();
            return misuse;
        }
        exchange.Pump = pump;
        AddWork(pump);
        return Misuse.None;
    }

    internal Misuse InformNow(Http2Exchange exchange, int status, Http2Headers headers)
    {
        // Once is enough, and a body that is coming needs no leave.
        if (status == 100 && !PassGate(exchange))
            return Misuse.None;
        var head = new OutboundHead(status, headers.Fields);
        return Core.SubmitInformational(exchange.StreamId, head);
    }

    internal void ResetNow(
        Http2Exchange exchange, ErrorCode code, Http2CloseCause why = Http2CloseCause.ServerEnded, Rule? rule = null)
    {
        exchange.Silence();
        if (exchange.IsClosed)
            return;
        exchange.NoteReset(new Http2CloseReason(why, code, rule));
        Core.SubmitReset(exchange.StreamId, code);
    }

    /// <summary>The size of the two buffers that a body gets: what its stream may hold, unless the connection holds much already.</summary>
    internal int ReserveBody(long length)
    {
        var size = Math.Max(_host.Options.MaxUnsentPerStream / 2, SmallestBodyBuffer);
        if (length >= 0 && length < size)
            size = Math.Max((int)length, SmallestBodyBuffer);
        if (_bodyBuffers + 2 * size > _host.Options.MaxBodyBuffersPerConnection || _host.Memory.IsNear)
            size = SmallestBodyBuffer;
        _bodyBuffers += 2 * size;
        return size;
    }

    internal void ReleaseBody(int size) => _bodyBuffers -= 2 * size;
}
