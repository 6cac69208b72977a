using System.Globalization;
using System.Text;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Frames as text for traces, in the manner of <c>nghttp -v</c>: a line with the header, a line with the flags, lines with what the payload
/// says.
/// Octets that a terminal could take for commands are escaped. Pure, thread-safe.
/// </summary>
public static class FrameText
{
    private const int MaxOctetsShown = 64;

    /// <summary>A frame as one text.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="fields">The fields of the block that ends with this frame, when they are known.</param>
    /// <param name="indent">How many spaces come before every line but the first.</param>
    public static string Format(FrameHeader header, Octets payload, IReadOnlyList<HeaderField>? fields = null, int indent = 10) =>
        string.Join("\n" + new string(' ', indent), Lines(header, payload, fields));

    /// <summary>A frame as lines, the header's first. A payload that breaks a rule shows the rule.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="fields">The fields of the block that ends with this frame, when they are known.</param>
    public static IReadOnlyList<string> Lines(FrameHeader header, Octets payload, IReadOnlyList<HeaderField>? fields = null)
    {
        var lines = new List<string>(4)
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{WireNames.Of(header.Type)} frame <length={header.Length}, flags=0x{(byte)header.Flags:x2}, " +
                $"stream_id={header.StreamId}>"),
        };
        if (FlagNames(header) is { Length: > 0 } flags)
            lines.Add("; " + flags);
        var limits = new FrameLimits(FrameHeader.MaxLength, int.MaxValue);
        lines.AddRange(Frames.ParsePayload(header, payload, limits).Match(Right: Details, Left: Broken));
        if (fields is not null)
            lines.AddRange(fields.Select(field => $"{Printable(field.Name.Span)}: {Printable(field.Value.Span)}"));
        return lines;
    }

    /// <summary>Octets as text: printable ASCII as it is, the backslash doubled, everything else as <c>\xNN</c>.</summary>
    /// <param name="octets">Any octets.</param>
    public static string Printable(ReadOnlySpan<byte> octets)
    {
        if (!octets.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !octets.Contains((byte)'\\'))
            return Encoding.ASCII.GetString(octets);
        var text = new StringBuilder(octets.Length + 16);
        foreach (var octet in octets)
        {
            if (octet == '\\')
                text.Append(@"\\");
            else if (octet is >= (byte)' ' and <= (byte)'~')
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\x{octet:x2}");
        }
        return text.ToString();
    }

    private static string FlagNames(FrameHeader header)
    {
        var names = new List<string>(4);
        // a bit has a name only where its type gives it one
        void Add(FrameFlags flag, string name, params ReadOnlySpan<FrameType> types)
        {
            if (header.Has(flag) && types.Contains(header.Type))
                names.Add(name);
        }
        Add(FrameFlags.EndStream, "END_STREAM", FrameType.Data, FrameType.Headers);
        Add(FrameFlags.Ack, "ACK", FrameType.Settings, FrameType.Ping);
        Add(FrameFlags.EndHeaders, "END_HEADERS", FrameType.Headers, FrameType.PushPromise, FrameType.Continuation);
        Add(FrameFlags.Padded, "PADDED", FrameType.Data, FrameType.Headers, FrameType.PushPromise);
        Add(FrameFlags.Priority, "PRIORITY", FrameType.Headers);
        return string.Join(" | ", names);
    }

    private static IEnumerable<string> Broken(Fault fault)
    {
        var scope = fault is Fault.OfConnection ? "connection" : "stream";
        return [$"(malformed: {scope} error {WireNames.Of(fault.Code)}, {fault.Rule})"];
    }

    private static IEnumerable<string> Details(Frame frame) => frame switch
    {
        Frame.Data { Payload.Padding: { } padding } => [$"(padlen={padding.Length})"],
        Frame.Headers { Payload: var headers } when headers.Padding.HasValue || headers.Priority.HasValue =>
            [$"({string.Join(", ", Parts(headers))})"],
        Frame.Priority { Payload: var priority } => [$"({Text(priority)})"],
        Frame.RstStream { Payload: var reset } => [$"(error_code={Text(reset.Code)})"],
        Frame.Settings { Payload: var settings } => Entries(frame, settings),
        Frame.PushPromise { Payload: var promise } =>
            [$"({(promise.Padding is { } padding ? $"padlen={padding.Length}, " : "")}promised_stream_id={promise.Promised})"],
        Frame.Ping { Payload: var ping } => [$"(opaque_data={ping.Opaque.ToString("x16", CultureInfo.InvariantCulture)})"],
        Frame.GoAway { Payload: var away } =>
            [$"(last_stream_id={away.LastStreamId}, error_code={Text(away.Code)}, opaque_data({away.Debug.Length})=[{Short(away.Debug)}])"],
        Frame.WindowUpdate { Payload: var update } =>
            [string.Create(CultureInfo.InvariantCulture, $"(window_size_increment={update.Increment})")],
        Frame.AltSvc { Payload: var service } => [$"(origin=[{Short(service.Origin)}], altsvc_field_value=[{Short(service.FieldValue)}])"],
        Frame.Origin { Payload: var origin } => origin.Origins.Select(entry => $"[{Short(entry)}]"),
        Frame.PriorityUpdate { Payload: var update } =>
            [$"(prioritized_stream_id={update.Prioritized}, priority_field_value=[{Short(update.FieldValue)}])"],
        _ => [],
    };

    private static IEnumerable<string> Parts(HeadersPayload headers)
    {
        if (headers.Padding is { } padding)
            yield return string.Create(CultureInfo.InvariantCulture, $"padlen={padding.Length}");
        if (headers.Priority is { } priority)
            yield return Text(priority);
    }

    private static IEnumerable<string> Entries(Frame frame, SettingsPayload settings)
    {
        if ((frame.Flags & FrameFlags.Ack) == 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"(niv={settings.Count})");
        for (var i = 0; i < settings.Count; i++)
        {
            var (id, value) = settings[i];
            yield return string.Create(CultureInfo.InvariantCulture, $"[{WireNames.Of(id)}({WireNames.Hex((uint)id, 2)}):{value}]");
        }
    }

    private static string Text(ErrorCode code) => $"{WireNames.Of(code)}({WireNames.Hex((uint)code, 2)})";

    private static string Text(PriorityPayload priority) => string.Create(
        CultureInfo.InvariantCulture,
        $"dep_stream_id={priority.Dependency}, weight={priority.Weight}, exclusive={(priority.Exclusive ? 1 : 0)}");

    private static string Short(Octets octets) => octets.Length <= MaxOctetsShown
        ? Printable(octets.Span)
        : Printable(octets.Span[..MaxOctetsShown]) + "...";
}
