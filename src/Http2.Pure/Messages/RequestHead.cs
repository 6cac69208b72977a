using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// The head of a request that passed the rules of RFC 9113 §8.2 and §8.3: the pseudo-fields by name, and all fields as a view. Immutable,
/// thread-safe. Nothing is copied until it is asked for.
/// </summary>
public readonly struct RequestHead
{
    // The indices of the pseudo-fields and of host in the list, or Absent.
    private readonly short _method, _scheme, _authority, _path, _protocol, _host;

    internal RequestHead(in FieldList fields, in RequestScan scan)
    {
        Fields = fields;
        (_method, _scheme, _authority) = (scan.Method, scan.Scheme, scan.Authority);
        (_path, _protocol, _host) = (scan.Path, scan.Protocol, scan.Host);
        FirstRegular = scan.FirstRegular;
        ContentLength = scan.Declared.OctetsOrMinusOne;
    }

    /// <summary>All fields as they came, pseudo-fields first.</summary>
    public FieldList Fields { get; }

    /// <summary>The index of the first field in <see cref="Fields"/> that is not a pseudo-field.</summary>
    public int FirstRegular { get; }

    /// <summary>The declared content-length in octets, or -1 when there is none.</summary>
    public long ContentLength { get; }

    /// <summary>The value of <c>:method</c>.</summary>
    public ReadOnlySpan<byte> Method => Value(_method);

    /// <summary>Whether there is a <c>:scheme</c>: only CONNECT that is not extended has none (RFC 9113 §8.5).</summary>
    public bool HasScheme => _scheme != Absent;

    /// <summary>The value of <c>:scheme</c>; empty for CONNECT.</summary>
    public ReadOnlySpan<byte> Scheme => Value(_scheme);

    /// <summary>The value of <c>:authority</c>, else of <c>host</c>; empty when neither came.</summary>
    public ReadOnlySpan<byte> Authority => Value(_authority != Absent ? _authority : _host);

    /// <summary>The value of <c>:path</c>; empty for CONNECT.</summary>
    public ReadOnlySpan<byte> Path => Value(_path);

    /// <summary>The value of <c>:protocol</c> (RFC 8441 §4); empty when it did not come.</summary>
    public ReadOnlySpan<byte> Protocol => Value(_protocol);

    /// <summary>All fields in one line, for example <c>[:method: GET, :scheme: https, :authority: example.org, :path: /]</c>.</summary>
    public override string ToString() => FieldLine.Of(Fields);

    internal const short Absent = -1;

    private ReadOnlySpan<byte> Value(short index) => index == Absent ? default : Fields.Value(index);
}
