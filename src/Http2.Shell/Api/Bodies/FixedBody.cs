namespace Http2.Shell;

/// <summary>Octets that are all there: the only body that needs no pump.</summary>
internal sealed class FixedBody(ReadOnlyMemory<byte> octets) : ResponseBody
{
    public override long Length => octets.Length;

    public ReadOnlyMemory<byte> Octets => octets;

    internal override BodySource? Open(out ReadOnlyMemory<byte> all)
    {
        all = octets;
        return null;
    }

    internal override void Discard()
    {
    }
}
