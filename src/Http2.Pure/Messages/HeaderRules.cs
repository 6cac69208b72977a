namespace Http2.Pure;

/// <summary>The rules that field blocks and messages can break, each with the section it comes from.</summary>
internal static class HeaderRules
{
    public static readonly Rule BlockInterrupted =
        Rule.Http2("6.10", "only CONTINUATION of the same stream follows a block without END_HEADERS");
    public static readonly Rule Continuations =
        new("policy", "continuations", "a field block comes in few CONTINUATION frames, hardly any of them empty");
    public static readonly Rule BlockSize = new("policy", "field block", "a field block is at most as large as this end takes");
    public static readonly Rule ListSize =
        new("policy", "field section", "a field section stays below the size at which this end gives up");
    public static readonly Rule ListCount =
        new("policy", "field section", "a field section has fewer fields than those at which this end gives up");

    public static readonly Rule ListTooLarge = new("RFC 6585", "5", "a field section fits into SETTINGS_MAX_HEADER_LIST_SIZE");

    public static readonly Rule FieldName = Rule.Http2("8.2.1", "a field name is a token without upper-case letters");
    public static readonly Rule FieldValue = Rule.Http2("8.2.1", "a field value has no NUL, CR or LF, and no space or tab at its ends");
    public static readonly Rule ConnectionField =
        Rule.Http2("8.2.2", "fields of the connection do not occur; te occurs in requests, with the value trailers");

    public static readonly Rule PseudoOrder = Rule.Http2("8.3", "pseudo-fields come before all other fields");
    public static readonly Rule PseudoUnknown = Rule.Http2("8.3", "only the pseudo-fields that are defined for the message occur");
    public static readonly Rule PseudoDuplicate = Rule.Http2("8.3", "no pseudo-field occurs twice");
    public static readonly Rule PseudoInTrailers = Rule.Http2("8.1", "trailers have no pseudo-fields");

    public static readonly Rule PseudoMissing = Rule.Http2("8.3.1", "a request has one each of :method, :scheme and :path");
    public static readonly Rule Method = Rule.Http2("8.3.1", ":method is a token");
    public static readonly Rule Scheme = Rule.Http2("8.3.1", ":scheme is a letter, then letters, digits, plus, minus and dots");
    public static readonly Rule Path =
        Rule.Http2("8.3.1", ":path begins with a slash, or is an asterisk for OPTIONS, and has no spaces or fragment");
    public static readonly Rule Authority =
        Rule.Http2("8.3.1", ":authority and host are a host with an optional port, without userinfo, and not empty");
    public static readonly Rule AuthorityMissing =
        Rule.Http2("8.3.1", "an http or https request but OPTIONS names its authority in :authority or host");
    public static readonly Rule HostDuplicate = new("RFC 9110", "7.2", "host occurs once at most");
    public static readonly Rule HostMismatch = Rule.Http2("8.3.1", "host names the same authority as :authority");
    public static readonly Rule Connect =
        Rule.Http2("8.5", "CONNECT has :method and :authority with a port, and neither :scheme nor :path");
    public static readonly Rule Protocol = new("RFC 8441", "4", ":protocol occurs only in CONNECT, and only after this end allowed it");
    public static readonly Rule ExtendedConnect = new("RFC 8441", "4", "CONNECT with :protocol has :scheme, :path and :authority");

    public static readonly Rule Status = Rule.Http2("8.3.2", "a response has one :status of three digits, 100 or more");
    public static readonly Rule SwitchingProtocols = Rule.Http2("8.6", "101 does not occur");
    public static readonly Rule InformationalEnd = Rule.Http2("8.1", "an informational response does not end the stream");
    public static readonly Rule TrailersEnd = Rule.Http2("8.1", "trailers end the stream");

    public static readonly Rule ContentLength = Rule.Http2("8.1.1", "content-length is a number in digits, the same wherever it occurs");
    public static readonly Rule ContentLengthEnd =
        Rule.Http2("8.1.1", "content-length equals the length of the body, which is 0 when there is none");

    public static readonly Rule PromisedRequest =
        Rule.Http2("8.4", "a promised request is safe and cacheable, names its authority, and has no body");
}
