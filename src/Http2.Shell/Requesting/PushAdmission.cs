using System.Text;
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
        // §8.4: a server promises only what it is authoritative for
        if (!IsAuthoritative(promise.Head, parent))
        {
            connection.Core.SubmitReset(promise.Promised, ErrorCode.ProtocolError);
            return true;
        }
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

    // For the host that the connection leads to or that the request was for, and over TLS for every host that its certificate names.
    private bool IsAuthoritative(in RequestHead promised, Http2ClientExchange? parent)
    {
        var authority = Encoding.ASCII.GetString(promised.Authority);
        var asked = parent is { IsAttached: true } ? parent.Request : null;
        if (Ascii.EqualsIgnoreCase(authority, asked?.Authority ?? role.Origin.Authority) || Ascii.EqualsIgnoreCase(authority, role.Origin.Authority))
            return Ascii.EqualsIgnoreCase(promised.Scheme, asked?.Scheme ?? role.Origin.Scheme);
        return role.Connection.Info.ServerCertificate is { } certificate && promised.Scheme.SequenceEqual("https"u8)
            && Uri.TryCreate($"https://{authority}", UriKind.Absolute, out var address) && certificate.MatchesHostname(address.IdnHost);
    }
}
