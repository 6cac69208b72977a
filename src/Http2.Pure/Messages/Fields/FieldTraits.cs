namespace Http2.Pure;

/// <summary>What can be said of one field by its name and value alone.</summary>
[Flags]
internal enum FieldTraits : byte
{
    /// <summary>A plain field.</summary>
    None = 0,

    /// <summary>The field was judged. Only the verdict that a field keeps has this bit: without it a plain field would look like one not yet judged.</summary>
    Judged = 0x01,

    /// <summary>The name is not a token in lower case.</summary>
    BadName = 0x02,

    /// <summary>The value holds NUL, CR or LF, or has a space or a tab at one of its ends.</summary>
    BadValue = 0x04,

    /// <summary>A field of an HTTP/1.1 connection, which may not occur anywhere.</summary>
    Connection = 0x08,

    /// <summary><c>te: trailers</c>, which only requests may have.</summary>
    Te = 0x10,

    /// <summary>The name begins with a colon. Whether such a pseudo-field is defined was not judged.</summary>
    Pseudo = 0x20,

    /// <summary><c>content-length</c>.</summary>
    ContentLength = 0x40,

    /// <summary><c>host</c>.</summary>
    Host = 0x80,
}
