using System.Globalization;
using Http2.Shell;

namespace Http2.Tool;

/// <summary>
/// Static files of a directory: index pages, validators, ranges (RFC 9110 §13, §14). Files are streamed from where they lie.
/// </summary>
internal sealed class FileSite(DocumentRoot root) : Site
{
    private const string Methods = "GET, HEAD, OPTIONS";

    // In seconds. Descriptors are free again as soon as the responses that use them are sent.
    private const string RetryAfter = "1";

    /// <inheritdoc/>
    public override ValueTask<Http2Response> AnswerAsync(Http2Request request) => new(Answer(request));

    /// <inheritdoc/>
    public override bool CanBePushed(string target)
    {
        if (Find(target) is not Located.File file)
            return false;
        file.Dispose();
        return true;
    }

    /// <inheritdoc/>
    public override Http2Response? Pushable(string target)
    {
        if (Find(target) is not Located.File file)
            return null;
        using (file)
            return Whole(file, file.Validators);
    }

    private Located? Find(string target) => RequestPath.Parse(target) is { } path ? root.Find(path) : null;

    private Http2Response Answer(Http2Request request)
    {
        if (request.Method is not ("GET" or "HEAD"))
            return Answers.OtherMethod(request, Methods);
        if (RequestPath.Parse(request.Path) is not { } path)
            return Answers.Notice(request, 400, "No file can have that address.");
        switch (root.Find(path, request.Connection.LastInputAt))
        {
            case Located.File file:
                using (file)
                    return Send(request, file);
            case Located.NeedsSlash:
                return Redirect(request, path);
            case Located.Forbidden:
                return Answers.Notice(request, 403, "The server may not read that file.");
            case Located.NotNow:
                return Answers.Notice(request, 503, "Too many files are open now; try again soon.", [("retry-after", RetryAfter)]);
            case Located.Unreadable:
                return Answers.Notice(request, 500, "The file could not be read.");
            default:
                return NotFound(request);
        }
    }

    private static Http2Response NotFound(Http2Request request) =>
        Answers.Notice(request, 404, $"There is nothing at {Answers.Escape(request.Target)}.");

    private static Http2Response Redirect(Http2Request request, RequestPath path)
    {
        var location = path.WithSlash() + request.Query;
        return Answers.Notice(request, 301, $"It is at {Answers.Escape(location)}.", [("location", location)]);
    }

    private static Http2Response Send(Http2Request request, Located.File file)
    {
        var validators = file.Validators;
        var conditions = Read(request.Headers);
        return validators.Judge(conditions) switch
        {
            ConditionOutcome.NotModified => new Http2Response(304, validators.Fields()),
            ConditionOutcome.PreconditionFailed => Answers.Notice(request, 412, "The file is not the one the condition asks for."),
            // RFC 9110 §14.2: only GET has ranges.
            _ when request.Method == "GET" && request.Headers["range"] is { } range && validators.AllowsRange(conditions, DateTime.UtcNow) =>
                Ranged(request, file, validators, ByteRanges.Parse(range, file.Length)),
            _ => Whole(file, validators),
        };
    }

    private static Http2Response Ranged(Http2Request request, Located.File file, Validators validators, RangeRequest range)
    {
        switch (range)
        {
            case RangeRequest.Unsatisfiable:
                var total = string.Create(CultureInfo.InvariantCulture, $"bytes */{file.Length}");
                return Answers.Notice(
                    request, 416, "The file does not reach that far.", [("content-range", total), ("accept-ranges", "bytes")]);
            case RangeRequest.Parts { Ranges: [var only] }:
                return new Http2Response(
                    206,
                    validators.Fields(("content-type", ContentTypes.For(file.Path)), ("content-range", only.ContentRange(file.Length))),
                    file.Body(only.Start, only.Length));
            case RangeRequest.Parts { Ranges: var several }:
                var parts = new MultipartRanges(ContentTypes.For(file.Path), several, file.Length);
                return new Http2Response(206, validators.Fields(("content-type", parts.ContentType)), file.Body(parts));
            default:
                return Whole(file, validators);
        }
    }

    private static Http2Response Whole(Located.File file, Validators validators) =>
        new(200, file.Fields(validators), file.Body(0, file.Length));

    private static Conditions Read(Http2Headers headers) => new(
        headers["if-match"], headers["if-none-match"], headers["if-modified-since"], headers["if-unmodified-since"], headers["if-range"]);
}
