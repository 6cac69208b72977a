namespace Hpack.Pure;

/// <summary>
/// The representations of RFC 7541 §6. The top bits of its first octet say which one it is; the bits below are the prefix of an integer: an
/// index, or the size of the table. Draft 08 has the same representations of fields.
/// </summary>
internal static class Representation
{
    /// <summary>
    /// Indexed Header Field (§6.1): a field of one of the tables.
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+
    /// | 1 |        Index (7+)         |
    /// +---+---------------------------+
    /// </code>
    /// </summary>
    public const int Indexed = 0x80;

    /// <summary>The prefix of the index of an indexed field: seven bits.</summary>
    public const int IndexedPrefix = 0x7f;

    /// <summary>
    /// Literal Header Field with Incremental Indexing (§6.2.1): the field goes into the dynamic table. With index 0 the name is a literal too.
    /// <code>
    ///   0   1   2   3   4   5   6   7        0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+    +---+---+---+---+---+---+---+---+
    /// | 0 | 1 |      Index (6+)       |    | 0 | 1 |           0           |
    /// +---+---+-----------------------+    +---+---+-----------------------+
    /// | H |     Value Length (7+)     |    | H |     Name Length (7+)      |
    /// +---+---------------------------+    +---+---------------------------+
    /// | Value String (Length octets)  |    |  Name String (Length octets)  |
    /// +-------------------------------+    +---+---------------------------+
    ///                                      | H |     Value Length (7+)     |
    ///                                      +---+---------------------------+
    ///                                      | Value String (Length octets)  |
    ///                                      +-------------------------------+
    /// </code>
    /// </summary>
    public const int Incremental = 0x40;

    /// <summary>The prefix of the index of a name that comes with incremental indexing: six bits.</summary>
    public const int IncrementalPrefix = 0x3f;

    /// <summary>
    /// Literal Header Field without Indexing (§6.2.2). What follows the first octet is the same as with incremental indexing.
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+
    /// | 0 | 0 | 0 | 0 |  Index (4+)   |
    /// +---+---+---+---+---------------+
    /// </code>
    /// </summary>
    public const int Without = 0x00;

    /// <summary>The prefix of the index of a name that comes without indexing: four bits.</summary>
    public const int WithoutPrefix = 0x0f;

    /// <summary>
    /// Literal Header Field Never Indexed (§6.2.3): no hop may put the field into a table. What follows the first octet is the same as with
    /// incremental indexing.
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+
    /// | 0 | 0 | 0 | 1 |  Index (4+)   |
    /// +---+---+---+---+---------------+
    /// </code>
    /// </summary>
    public const int Never = 0x10;

    /// <summary>The prefix of the index of a name that is never indexed: four bits.</summary>
    public const int NeverPrefix = 0x0f;

    /// <summary>
    /// Dynamic Table Size Update (§6.3): the new limit of the dynamic table.
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+
    /// | 0 | 0 | 1 |   Max size (5+)   |
    /// +---+---------------------------+
    /// </code>
    /// </summary>
    public const int SizeUpdate = 0x20;

    /// <summary>The prefix of a size: five bits.</summary>
    public const int SizeUpdatePrefix = 0x1f;

    private const int SizeUpdatePattern = 0xe0;
    private const int LiteralPattern = 0xf0;

    /// <summary>Whether an octet starts an indexed field.</summary>
    /// <param name="first">The first octet of a representation.</param>
    public static bool IsIndexed(int first) => first >= Indexed;

    /// <summary>Whether an octet that starts no indexed field starts a literal with incremental indexing.</summary>
    /// <param name="first">The first octet of a representation, below <see cref="Indexed"/>.</param>
    public static bool IsIncremental(int first) => first >= Incremental;

    /// <summary>Whether an octet starts a literal that is never indexed.</summary>
    /// <param name="first">The first octet of a representation.</param>
    public static bool IsNever(int first) => (first & LiteralPattern) == Never;

    /// <summary>Whether an octet starts a size update.</summary>
    /// <param name="first">The first octet of a representation.</param>
    public static bool IsSizeUpdate(int first) => (first & SizeUpdatePattern) == SizeUpdate;
}
