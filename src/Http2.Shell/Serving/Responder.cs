using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Sends responses: in one piece when that is possible, else bit by bit as the client takes them. Owner only.</summary>
/// <param name="role">The server's end of the connection.</param>
internal readonly struct Responder(ServingRole role)
{
    // Larger bodies are queued while the transport is behind: sending them is then bounded by what it takes.
    private const int LargestBodyBehind = 16 * 1024;
    private const int LargestBodyAtOnce = 64 * 1024;

    /// <summary>The <c>date</c> field of now, or null when the server sends none.</summary>
    public HeaderField? DateNow() => role.Host.Options.SendDate ? role.Connection.Host.Clock.Date(role.Connection.Core.Now) : null;

    /// <summary>Sends a final response, which nobody has sent before.</summary>
    /// <returns>Why it may not be sent, or None; its body is the caller's to give up then.</returns>
    public Refusal Respond(Http2Exchange exchange, Http2Response response)
    {
        var body = response.Body ?? ResponseBody.Empty;
        var plan = response.Headers.Plan(role.Host.Server);
        var bodiless = response.Status is 204 or 205 or 304 || exchange.Method == "HEAD";
        var fields = response.Status == 204 ? plan.FieldsWithoutLength : plan.Fields;
        if (!bodiless && plan.HasContentLength && body.Length >= 0 && plan.ContentLength != body.Length)
            throw BodyLength.Mismatch(plan.ContentLength, $"the body has {body.Length}");
        var head = new OutboundHead(
            response.Status, fields, plan.HasContentLength ? -1 : ContentLength(exchange, response, body, bodiless),
            plan.HasDate ? null : DateNow());
        Refusal refusal;
        if (bodiless)
        {
            refusal = role.Connection.Core.SubmitResponse(exchange.StreamId, head, default, endStream: true);
            Discard(exchange, body);
        }
        else if (body is FixedBody fixedBody)
            refusal = RespondFixed(exchange, head, fixedBody.Octets, response);
        else if (body is not FileBody file || !TryRespondInPlace(exchange, head, file, response, out refusal))
            refusal = role.Connection.Host.Memory.TurnsAway
                ? RespondBusy(exchange, body)
                : RespondPumped(exchange, head, body, new BodyLength(plan.HasContentLength ? plan.ContentLength : body.Length), response);
        if (refusal != Refusal.None)
            return refusal;
        exchange.Succeeds = response.Status < 300;
        if (exchange.ReceivingPace is { } pace)
            role.Connection.SlowPeers.Unwatch(pace);
        if (!bodiless)
            role.Connection.Streams.WatchSending(exchange);
        role.Connection.Streams.LookUnread(exchange);
        return refusal;
    }

    /// <summary>Gives a body up that is not sent: its stream is the user's.</summary>
    public void Discard(Http2Exchange exchange, ResponseBody? body)
    {
        if (body is StreamBody)
            role.Connection.Events.AddWork(new Discarding(role, exchange, body));
        else
            role.Failures.DiscardHere(exchange, body);
    }

    // 503 in the place of an answer whose body would need buffers that are not there.
    private Refusal RespondBusy(Http2Exchange exchange, ResponseBody body)
    {
        Discard(exchange, body);
        return role.Connection.Core.SubmitResponse(exchange.StreamId, RequestAdmission.BusyHead(role), default, endStream: true);
    }

    // RFC 9110 §8.6: neither 204 nor a tunnel has a length; HEAD tells the one that GET would have.
    private static long ContentLength(Http2Exchange exchange, Http2Response response, ResponseBody body, bool bodiless)
    {
        if (response.Status is 204 or 304 || (response.Status < 300 && exchange.IsTunnel))
            return -1;
        // RFC 9110 §15.3.6: 205 has no content whatever the method is
        if (response.Status == 205)
            return 0;
        if (bodiless)
            return response.Body is null ? -1 : body.Length;
        return response.Status < 300 && MayWaitForCredit(exchange) ? -1 : body.Length;
    }

    // curl 7.88 reads no credit any more for its body once it has a successful answer whose length it knows, and would wait for ever.
    private static bool MayWaitForCredit(Http2Exchange exchange) =>
        exchange.ExpectsBody && exchange.DeclaredLength is < 0 or > WireConstants.InitialWindow;

    private Refusal RespondFixed(Http2Exchange exchange, in OutboundHead head, ReadOnlyMemory<byte> octets, Http2Response response)
    {
        var id = exchange.StreamId;
        if (octets.Length <= (role.Connection.Output.IsSending ? LargestBodyBehind : LargestBodyAtOnce) && HasRoomAtOnce(response))
            return role.Connection.Core.SubmitResponse(id, head, octets, endStream: true);
        var refusal = role.Connection.Core.SubmitResponse(id, head, default, endStream: false);
        if (refusal != Refusal.None)
            return refusal;
        refusal = role.Connection.Bodies.SendFixed(exchange, octets, response.TrailersBeforeBody);
        if (refusal == Refusal.None)
            return refusal;
        // The head is out; what follows cannot be, so the stream must not look complete.
        ServerLog.ResponseRefused(role.Connection.Host.Logger, role.Connection.Info.Id, id, RefusalText.Of(refusal));
        exchange.ResetAsOwner(role.Connection.Core, ErrorCode.InternalError, Http2CloseCause.ApplicationFailed);
        return Refusal.None;
    }

    // What is written at once cannot be taken back, so there must not be much of it.
    private bool HasRoomAtOnce(Http2Response response) =>
        !response.HasTrailers && role.Connection.Core.Output.Length < role.Connection.Host.Limits.MaxUnsentPerConnection;

    /// <summary>Reads a small file to where it is sent from; answers false, and has done nothing, when that is not possible now.</summary>
    private bool TryRespondInPlace(Http2Exchange exchange, in OutboundHead head, FileBody file, Http2Response response, out Refusal refusal)
    {
        refusal = Refusal.None;
        var id = exchange.StreamId;
        if (role.Connection.Output.IsSending || !HasRoomAtOnce(response) || file.Length == 0 || file.Length > role.Connection.Core.RoomAtOnce(id))
            return false;
        refusal = role.Connection.Core.SubmitInPlace(id, head, (int)file.Length, file, out var isFilled);
        if (refusal != Refusal.None)
            Discard(exchange, file);
        else if (isFilled)
        {
            // Behind the transition, which must not be lost when what owns the file throws.
            role.Failures.GiveBack(exchange, file);
        }
        return isFilled;
    }

    private Refusal RespondPumped(
        Http2Exchange exchange, in OutboundHead head, ResponseBody body, BodyLength length, Http2Response response)
    {
        // Before the head is out: instead of a body that cannot be opened there may be another answer.
        var pump = new BodyPump(role.Connection, exchange, body, length, response.TrailersBeforeBody, response.TrailersAfterBody);
        var refusal = role.Connection.Core.SubmitResponse(exchange.StreamId, head, default, endStream: false);
        if (refusal != Refusal.None)
        {
            pump.Stop();
            return refusal;
        }
        role.Connection.Bodies.SendPumped(exchange, pump);
        return Refusal.None;
    }

    /// <summary>Sends an informational response.</summary>
    /// <returns>Why it may not be sent, or None.</returns>
    public Refusal Inform(Http2Exchange exchange, int status, Http2Headers headers)
    {
        // 100 is sent once, and not when the body comes already.
        if (status == 100 && !role.Continuations.PassGate(exchange))
            return Refusal.None;
        var head = new OutboundHead(status, headers.Fields);
        return role.Connection.Core.SubmitInformational(exchange.StreamId, head);
    }

    /// <summary>A body that is not sent: its stream is disposed of.</summary>
    private sealed class Discarding(ServingRole role, Http2Exchange exchange, ResponseBody body) : IUserWork
    {
        public bool Run()
        {
            var call = role.Connection.Owner.BeginCall(this);
            role.Failures.DiscardHere(exchange, body);
            return role.Connection.Owner.EndCall(call);
        }
    }
}
