namespace Http2.Pure;

/// <summary>What the rules say of one field, by its name and value alone.</summary>
[Flags]
internal enum FieldTraits : byte
{
    /// <summary>A plain field.</summary>
    None = 0,

    /// <summary>The field was judged; in a cached verdict only.</summary>
    Judged = 0x01,

    /// <summary>The name is not a token in lower case.</summary>
    BadName = 0x02,

    /// <summary>The value has octets or edges that may not be.</summary>
    BadValue = 0x04,

    /// <summary>A field of the connection: it may not occur anywhere.</summary>
    Connection = 0x08,

    /// <summary><c>te: trailers</c>, which may occur in requests.</summary>
    Te = 0x10,

    /// <summary>A pseudo-field, defined or not; its value was judged, its name was not.</summary>
    Pseudo = 0x20,

    /// <summary><c>content-length</c>.</summary>
    ContentLength = 0x40,

    /// <summary><c>host</c>.</summary>
    Host = 0x80,
}
