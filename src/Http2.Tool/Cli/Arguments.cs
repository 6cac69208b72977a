using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Http2.Tool;

/// <summary>Reads the values of options that several commands have, with one line for a value that is wrong.</summary>
internal static class Arguments
{
    // A window has 2^31-1 octets at most (RFC 9113 §6.9.1).
    private const int MostWindowBits = 31;

    /// <summary>A whole number, or null when the option is not given.</summary>
    /// <exception cref="UserErrorException">It is none, or out of its range.</exception>
    public static long? Number(ParseResult parsed, Option<string?> option, long least, long most)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(option, text, $"a whole number from {least} to {most}");
    }

    /// <summary>A number, or null when the option is not given.</summary>
    /// <exception cref="UserErrorException">It is none, or out of its range.</exception>
    public static double? Real(ParseResult parsed, Option<string?> option, double least, double most)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(option, text, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"));
    }

    /// <summary>A size in octets, or null when the option is not given.</summary>
    /// <exception cref="UserErrorException">It is none, or out of its range.</exception>
    public static int? Size(ParseResult parsed, Option<string?> option, int least, int most)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return Units.TryParseSize(text, out var size) && size >= least && size <= most
            ? (int)size
            : throw Wrong(option, text, $"a size from {least} to {most}, for example 16K");
    }

    /// <summary>A time, or null when the option is not given.</summary>
    /// <exception cref="UserErrorException">It is none.</exception>
    public static TimeSpan? Time(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return Units.TryParseTime(text, out var time) && time > TimeSpan.Zero ? time : throw Wrong(option, text, "a time above 0, for example 10s or 500ms");
    }

    /// <summary>A window of 2^N-1 octets, or null when the option is not given.</summary>
    /// <exception cref="UserErrorException">It is no number of bits.</exception>
    public static int? Window(ParseResult parsed, Option<string?> option) =>
        Number(parsed, option, 0, MostWindowBits) is { } bits ? (int)((1L << (int)bits) - 1) : null;

    /// <summary>A host and a port, or null when the option is not given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <param name="port">The port when none is given.</param>
    /// <exception cref="UserErrorException">It is something else.</exception>
    public static DnsEndPoint? HostAndPort(ParseResult parsed, Option<string?> option, int port)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (Uri.TryCreate($"none://{text}", UriKind.Absolute, out var at) && at.Host.Length > 0 && at.PathAndQuery.Trim('/').Length == 0)
            return new DnsEndPoint(at.IdnHost.Trim('[', ']'), at.Port < 0 ? port : at.Port);
        throw Wrong(option, text, "HOST or HOST:PORT");
    }

    /// <summary>A field as a name in lower case and a value; pseudo-fields are fields, too.</summary>
    /// <param name="option">The option that it comes from.</param>
    /// <param name="text">The text: <c>NAME: VALUE</c>.</param>
    /// <exception cref="UserErrorException">It is none.</exception>
    public static (string Name, string Value) Field(Option option, string text)
    {
        var colon = text.IndexOf(':', text is [':', ..] ? 1 : 0);
        return colon > 0
            ? (text[..colon].Trim().ToLowerInvariant(), text[(colon + 1)..].Trim())
            : throw UserErrorException.Usage($"option {option.Name}: '{text}' is not a field; give NAME: VALUE");
    }

    /// <summary>Two options that cannot be given together.</summary>
    /// <exception cref="UserErrorException">They are.</exception>
    public static void Exclude(ParseResult parsed, Option one, Option other)
    {
        if (IsGiven(parsed, one) && IsGiven(parsed, other))
            throw UserErrorException.Usage($"{one.Name} and {other.Name} contradict each other; drop one of them");
    }

    /// <summary>An option that has no meaning without another one.</summary>
    /// <exception cref="UserErrorException">It is given without that.</exception>
    public static void Require(ParseResult parsed, Option one, Option other)
    {
        if (IsGiven(parsed, one) && !IsGiven(parsed, other))
            throw UserErrorException.Usage($"{one.Name} needs {other.Name}; give both");
    }

    /// <summary>The value of an option is wrong.</summary>
    public static UserErrorException Wrong(Option option, string text, string wanted) =>
        UserErrorException.Usage($"option {option.Name}: '{text}' is not right; give {wanted}");

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
