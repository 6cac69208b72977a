using System.Collections.Frozen;
using Http2.Pure;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>The site that <c>http2 serve</c> serves when no directory is named. It finds the endpoint of a request and has that answer.</summary>
internal sealed class DemoSite : Site
{
    private static readonly Http2Response Hello = new(200, [("content-type", "text/plain")], "Hello, World!");

    private readonly FrozenDictionary<string, Endpoint> _endpoints;

    /// <summary>The demo of a server with these options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="load">What the server holds now.</param>
    public DemoSite(ConnectionOptions options, Func<Http2ServerLoad> load) => _endpoints = new Dictionary<string, Endpoint>
    {
        [""] = new(Endpoint.Read, Rest.None, (request, _, _) => new(DemoPage.Answer(request, options))),
        ["style.css"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(DemoPage.Style)),
        ["demo.js"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(DemoPage.Script)),
        ["hello"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(Hello)),
        ["bytes"] = new(Endpoint.Read, Rest.Required, (request, rest, _) => new(BodyEndpoints.Bytes(request, rest!))),
        ["big"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(BodyEndpoints.Big)),
        ["echo"] = new(Endpoint.Write, Rest.None, (request, _, _) => new(BodyEndpoints.Echo(request))),
        ["upload"] = new(Endpoint.Write, Rest.None, (request, _, cancellation) => BodyEndpoints.UploadAsync(request, cancellation), Waits: true),
        ["drain"] = new(Endpoint.Write, Rest.None, (request, _, cancellation) => BodyEndpoints.DrainAsync(request, cancellation), Waits: true),
        ["slow"] = new(Endpoint.Read, Rest.Optional, TimeEndpoints.SlowAsync, Waits: true),
        ["block"] = new(Endpoint.Read, Rest.Required, (request, rest, _) => new(TimeEndpoints.Block(request, rest!))),
        ["status"] = new("", Rest.Required, (request, rest, _) => new(MessageEndpoints.Status(request, rest!))),
        ["headers"] = new("", Rest.None, (request, _, _) => new(MessageEndpoints.Headers(request))),
        ["trailers"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(MessageEndpoints.Trailers())),
        ["early-hints"] = new(
            Endpoint.Read, Rest.None, (request, _, cancellation) => MessageEndpoints.EarlyHintsAsync(request, cancellation), Waits: true),
        ["headers20"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(LoadEndpoints.ManyHeaders)),
        ["hop"] = new(Endpoint.Read, Rest.None, (_, _, _) => LoadEndpoints.HopAsync()),
        ["spin"] = new(Endpoint.Read, Rest.Required, (request, rest, _) => new(LoadEndpoints.Spin(request, rest!))),
        ["allocated"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(LoadEndpoints.Allocated())),
        ["load"] = new(Endpoint.Read, Rest.None, (_, _, _) => new(LoadEndpoints.Load(load()))),
        ["push"] = new(Endpoint.Read, Rest.Optional, (request, rest, _) => new(PushEndpoint.Answer(request, rest))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override ValueTask<Http2Response> AnswerAsync(Http2Request request)
    {
        var target = request.Target;
        // The address that load generators ask for is answered before the path is cut and looked up.
        if (target == "/hello" && request.Method == "GET")
            return new(Hello);
        // The target <c>*</c> is the server as a whole, which only OPTIONS can ask for (RFC 9110 §9.3.7).
        if (target == "*")
            return new(Answers.OtherMethod(request, Endpoint.All));
        if (!TryFind(target, out var endpoint, out var rest))
        {
            return new(Answers.Notice(
                request, 404, $"There is nothing at {Answers.Escape(target)}. See <a href=\"/\">the demo page</a> for what there is."));
        }
        return endpoint.Allows(request.Method)
            ? endpoint.Answer(request, rest, endpoint.Waits ? request.Aborted : default)
            : new(Answers.OtherMethod(request, endpoint.Allow));
    }

    /// <inheritdoc/>
    public override Http2Response? Pushable(string target) => target switch
    {
        "/hello" => Hello,
        "/style.css" => DemoPage.Style,
        "/demo.js" => DemoPage.Script,
        "/big" => BodyEndpoints.Big,
        _ => PushEndpoint.Resource(target),
    };

    /// <inheritdoc/>
    public override bool CanBePushed(string target) => Pushable(target) is not null;

    private bool TryFind(string target, out Endpoint endpoint, out string? rest)
    {
        rest = null;
        endpoint = null!;
        if (target.Length == 0 || target[0] != '/')
            return false;
        var query = target.IndexOf('?');
        var path = target.AsSpan(1, (query < 0 ? target.Length : query) - 1);
        var slash = path.IndexOf('/');
        if (slash >= 0)
            rest = path[(slash + 1)..].ToString();
        var name = slash < 0 ? path : path[..slash];
        return _endpoints.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out endpoint!) && endpoint.Fits(rest);
    }
}
