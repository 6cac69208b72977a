using System.Collections.Immutable;
using Hpack.Pure;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>Promised requests and their answers (RFC 9113 §8.4). Any thread.</summary>
/// <param name="role">The server's end of the connection.</param>
internal readonly struct Pushes(ServingRole role)
{
    /// <summary>Why a push on a stream would be refused now, or None.</summary>
    public Refusal WhyNoPush(Http2Exchange exchange)
    {
        if (exchange.IsClosed)
            return Refusal.StreamClosed;
        if (exchange.IsAnswered)
            return Refusal.ResponseAlreadySent;
        var core = role.Connection.Core;
        return role.Connection.Owner.RunAsOwner(() => core.CanPush(exchange.StreamId));
    }

    /// <summary>Promises and answers. The caller gets the outcome, so other threads wait for the owner.</summary>
    /// <returns>The pushed stream; null, and the response's body is disposed of, when the parent is closed.</returns>
    public Http2Exchange? Push(Http2Exchange parent, string path, string method, Http2Headers headers, Http2Response response)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(method);
        try
        {
            return PushChecked(parent, path, method, headers, response);
        }
        catch
        {
            // A body is disposed of after its response, whatever became of it.
            role.Failures.DiscardHere(parent, response.Body);
            throw;
        }
    }

    private Http2Exchange? PushChecked(Http2Exchange parent, string path, string method, Http2Headers headers, Http2Response response)
    {
        AnswerCommands.CheckStatus(response);
        // RFC 9113 §8.4: a promised request is safe, cacheable and has no body.
        if (method is not ("GET" or "HEAD"))
            throw new Http2MisuseException(Refusal.InvalidArgument, $"'{method}' cannot be pushed: a promised request is GET or HEAD.");
        if (parent.IsAnswered && !parent.IsAnsweredByServer)
            throw new Http2MisuseException(Refusal.ResponseAlreadySent, "A push must come before the response of its stream.");
        if (!parent.IsClosed && !parent.IsAnswered)
        {
            // User code, so not as the owner.
            var handler = role.Host.Exchanges();
            var settled = response.Settled();
            var pushes = this;
            var promised = new Promised(path, method, headers, settled);
            if (role.Connection.Owner.RunAsOwner(() => pushes.PushAsOwner(parent, handler, promised)) is { } pushed)
                return pushed;
        }
        role.Failures.DiscardHere(parent, response.Body);
        return null;
    }

    /// <summary>
    /// Promises and answers like <see cref="Push"/>, but does not throw when the client takes no pushes now, or when the connection goes away.
    /// </summary>
    /// <returns>The pushed stream; null when nothing was pushed, and then the response's body is disposed of.</returns>
    public Http2Exchange? TryPush(Http2Exchange parent, string path, string method, Http2Headers headers, Http2Response response)
    {
        try
        {
            return Push(parent, path, method, headers, response);
        }
        catch (Http2MisuseException refused) when (refused.Refusal
            is Refusal.PushDisabled or Refusal.PushLimitReached or Refusal.GoingAway or Refusal.TooManyStreams)
        {
            return null;
        }
    }

    private Http2Exchange? PushAsOwner(Http2Exchange parent, Http2Exchange handler, Promised promise)
    {
        if (parent.IsClosed)
            return null;
        ImmutableArray<HeaderField> fields =
        [
            new(":method", promise.Method), new(":scheme", parent.Scheme), new(":authority", parent.Host), new(":path", promise.Path),
            .. promise.Headers.Fields,
        ];
        var refusal = role.Connection.Core.SubmitPush(parent.StreamId, fields, out var promised);
        if (refusal == Refusal.StreamClosed)
            return null;
        if (refusal != Refusal.None)
            throw RefusalText.Exception(refusal);
        handler.AttachPushed(promised, parent, promise.Path, promise.Method, promise.Headers);
        handler.TryAnswer();
        role.Connection.Exchanges.Add(handler);
        try
        {
            refusal = role.Responder.Respond(handler, promise.Response);
            return refusal == Refusal.None ? handler : throw RefusalText.Exception(refusal);
        }
        catch
        {
            handler.ResetAsOwner(role.Connection.Core, ErrorCode.InternalError, Http2CloseCause.ApplicationFailed);
            throw;
        }
    }

    private sealed record Promised(string Path, string Method, Http2Headers Headers, Http2Response Response);
}
