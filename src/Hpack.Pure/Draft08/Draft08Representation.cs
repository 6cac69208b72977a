namespace Hpack.Pure;

/// <summary>
/// What draft 08 has besides the representations of RFC 7541: the encoding context update (draft 08 §7.3). Its representations of fields are
/// those of <see cref="Representation"/>.
/// </summary>
internal static class Draft08Representation
{
    /// <summary>
    /// The new limit of the table.
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+
    /// | 0 | 0 | 1 | 0 | Max size (4+) |
    /// +---+---+---+---+---------------+
    /// </code>
    /// </summary>
    public const int SizeUpdate = 0x20;

    /// <summary>The prefix of a size: four bits.</summary>
    public const int SizeUpdatePrefix = 0x0f;

    /// <summary>
    /// The reference set is emptied. The low four bits are zero.
    /// <code>
    ///   0   1   2   3   4   5   6   7
    /// +---+---+---+---+---+---+---+---+
    /// | 0 | 0 | 1 | 1 |       0       |
    /// +---+---+---+---+---------------+
    /// </code>
    /// </summary>
    public const int EmptyReferenceSet = 0x30;

    private const int EmptyBit = 0x10;

    /// <summary>Whether an octet starts an encoding context update, of either kind. The first three bits are those of a size update.</summary>
    /// <param name="first">The first octet of a representation.</param>
    public static bool IsContextUpdate(int first) => Representation.IsSizeUpdate(first);

    /// <summary>Whether an octet that starts a context update is to empty the reference set, whatever its low bits are.</summary>
    /// <param name="first">The first octet of a context update.</param>
    public static bool Empties(int first) => (first & EmptyBit) != 0;
}
