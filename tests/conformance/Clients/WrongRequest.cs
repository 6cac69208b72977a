namespace Http2.Conformance.Tests;

/// <summary>The fields of a request that has one thing wrong.</summary>
internal static class WrongRequest
{
    /// <summary>The block of the request.</summary>
    /// <param name="wrong">What is wrong with it.</param>
    /// <param name="call">What is asked for.</param>
    /// <param name="index">Which of the addresses, from 0.</param>
    public static byte[] Block(Wrong wrong, ClientCall call, int index)
    {
        var address = call.Urls[Math.Min(index, call.Urls.Length - 1)];
        var url = new Uri(address);
        var target = wrong switch
        {
            Wrong.WithFragment => url.PathAndQuery + url.Fragment,
            Wrong.EmptyPath => address[(address.IndexOf(url.Authority, StringComparison.Ordinal) + url.Authority.Length)..],
            _ => url.PathAndQuery,
        };
        List<(string, string)> fields =
        [
            (":method", call.Task == ClientTask.Upload ? "POST" : "GET"), (":scheme", wrong == Wrong.WrongScheme ? "ftp" : url.Scheme),
            (":authority", wrong == Wrong.UserInAuthority ? $"user@{url.Authority}" : url.Authority),
        ];
        if (wrong != Wrong.NoPath)
            fields.Insert(wrong == Wrong.LatePseudo ? 0 : 2, (":path", target));
        fields.AddRange(More(wrong, call));
        if (wrong == Wrong.LatePseudo)
            fields.Reverse();
        return FieldBlock.Of(fields);
    }

    private static (string, string)[] More(Wrong wrong, ClientCall call) => wrong switch
    {
        Wrong.TwoPaths => [(":path", "/other")],
        Wrong.UnknownPseudo => [(":unknown", "1")],
        Wrong.LatePseudo => [("x-first", "1")],
        Wrong.UpperCase => [("X-Upper", "1")],
        Wrong.SpaceInName => [("x y", "1")],
        Wrong.LineFeedInValue => [("x-value", "a\nb")],
        Wrong.SpaceAroundValue => [("x-value", " a ")],
        Wrong.ConnectionField => [("connection", "keep-alive")],
        Wrong.TeGzip => [("te", "gzip")],
        Wrong.OtherHost => [("host", "other.example")],
        Wrong.WrongLength => [("content-length", $"{call.Upload.Length + 1}")],
        _ => [],
    };
}
