using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Requests that the server promises (RFC 9113 §8.4): they are taken when the request that they belong to wants pushes, else refused. Owner only.
/// </summary>
/// <param name="role">The client's end of the connection.</param>
internal readonly struct PushAdmission(RequestingRole role)
{
    /// <summary>Delivers a promise, or the rest of it.</summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool OnPromise(ConnectionEvent.PushPromised promise)
    {
        var connection = role.Connection;
        if (connection.Events.Part > 0)
            return true;
        connection.Events.Part = 1;
        var parent = connection.Exchanges.Find(promise.Id) as Http2ClientExchange;
        if (parent is null or { Silenced: true } || parent.TakePush() is not { } pushed)
        {
            connection.Core.SubmitReset(promise.Promised, ErrorCode.RefusedStream);
            return true;
        }
        pushed.Attach(connection, Http2ClientExchange.RequestOf(promise.Head));
        pushed.Open(promise.Promised, connection.Core.Now);
        pushed.IsSent = true;
        connection.Exchanges.Add(pushed);
        return parent.DeliverPush(pushed);
    }
}
