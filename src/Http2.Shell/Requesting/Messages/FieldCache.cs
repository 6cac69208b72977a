using System.Collections.Concurrent;
using System.Text;
using Hpack.Pure;

namespace Http2.Shell;

/// <summary>
/// The last field that was sent of each name: most requests of a program have the same values again, and what the encoder and the rules need to
/// know of a field is kept with it. Thread-safe.
/// </summary>
internal sealed class FieldCache
{
    // Names that come from outside must not fill the memory.
    private const int Most = 256;

    private readonly ConcurrentDictionary<string, HeaderField> _last = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The field as it is sent.</summary>
    /// <exception cref="HttpRequestException">It may not be sent.</exception>
    public HeaderField Get(string name, string value)
    {
        if (_last.TryGetValue(name, out var last) && Ascii.Equals(last.Value.Span, value))
            return last;
        var fresh = Made(name, value);
        if (last is not null || _last.Count < Most)
            _last[name] = fresh;
        return fresh;
    }

    private static HeaderField Made(string name, string value)
    {
        if (name.StartsWith(':'))
            return new HeaderField(name, value);
        try
        {
            return OutboundFields.Normalise(new HeaderField(name, value));
        }
        catch (ArgumentException failure)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, failure.Message, failure);
        }
    }
}
