using System.Collections.Immutable;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Writes a recording entry by entry, so that it can go to a file while the connection lives. A value: each write gives the writer for the
/// next entry, which knows the time of the last. The format is described in docs/recording.md.
/// </summary>
public readonly record struct RecordingWriter
{
    private readonly long _time;

    private RecordingWriter(long time) => _time = time;

    /// <summary>Writes the beginning.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="role">Which end is recorded.</param>
    /// <param name="options">What it was opened with.</param>
    /// <param name="openedAt">When, in milliseconds of any monotonic clock.</param>
    public static RecordingWriter Begin(OutputBuffer output, Role role, ConnectionOptions options, long openedAt)
    {
        output.Write(RecordingFormat.Magic);
        Varint.Write(output, (ulong)role);
        var values = RecordingOptions.Values(options);
        Varint.Write(output, (ulong)values.Length);
        foreach (var value in values)
            Varint.Write(output, (ulong)value);
        Varint.WriteSigned(output, openedAt);
        return new RecordingWriter(openedAt);
    }

    /// <summary>Writes one input. Its octets are copied out before the call returns.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="input">The input.</param>
    /// <returns>The writer for the next entry.</returns>
    public RecordingWriter Write(OutputBuffer output, Input input)
    {
        switch (input)
        {
            case Input.Received received:
                return Timed(output, RecordingTag.Received, received.Now, received.Octets.Span);
            case Input.Tick tick:
                return Timed(output, RecordingTag.Tick, tick.Now);
            case Input.Shutdown shutdown:
                return Timed(output, RecordingTag.Shutdown, shutdown.Now);
            case Input.SubmitSettings settings:
                var next = Timed(output, RecordingTag.SubmitSettings, settings.Now);
                WriteSettings(output, settings.Settings);
                return next;
            default:
                WriteUntimed(output, input);
                return this;
        }
    }

    /// <summary>Writes the end: what went out while the connection was recorded.</summary>
    /// <param name="output">Where the octets go.</param>
    /// <param name="sent">What went out.</param>
    public static void End(OutputBuffer output, SentDigest sent)
    {
        Tag(output, RecordingTag.Sent);
        Varint.Write(output, (ulong)sent.Octets);
        Varint.Write(output, sent.Digest);
    }

    private RecordingWriter Timed(OutputBuffer output, RecordingTag tag, long now, ReadOnlySpan<byte> octets)
    {
        var next = Timed(output, tag, now);
        WriteOctets(output, octets);
        return next;
    }

    private RecordingWriter Timed(OutputBuffer output, RecordingTag tag, long now)
    {
        Tag(output, tag);
        Varint.WriteSigned(output, unchecked(now - _time));
        return new RecordingWriter(now);
    }

    private static void WriteUntimed(OutputBuffer output, Input input)
    {
        switch (input)
        {
            case Input.EndOfInput:
                Tag(output, RecordingTag.EndOfInput);
                break;
            case Input.Disconnected:
                Tag(output, RecordingTag.Disconnected);
                break;
            case Input.Drain drain:
                Tag(output, RecordingTag.Drain);
                Varint.WriteSigned(output, drain.Budget);
                break;
            case Input.SubmitPing ping:
                Tag(output, RecordingTag.SubmitPing);
                Varint.Write(output, ping.Opaque);
                break;
            case Input.SetDate date:
                Tag(output, RecordingTag.SetDate);
                WriteOptional(output, date.Date);
                break;
            case Input.Abort abort:
                Tag(output, RecordingTag.Abort);
                Varint.Write(output, (uint)abort.Code);
                break;
            case Input.BoundUnread bound:
                Tag(output, RecordingTag.BoundUnread);
                Varint.WriteSigned(output, bound.Octets);
                break;
            case Input.SubmitRequest request:
                Tag(output, RecordingTag.SubmitRequest);
                WriteFields(output, request.Fields);
                WriteBool(output, request.EndStream);
                break;
            default:
                WriteOnStream(output, input);
                break;
        }
    }

    private static void WriteOnStream(OutputBuffer output, Input input)
    {
        switch (input)
        {
            case Input.SubmitResponse response:
                Tag(output, RecordingTag.SubmitResponse, response.Id);
                WriteHead(output, response.Head);
                WriteOctets(output, response.Body.Span);
                WriteBool(output, response.EndStream);
                break;
            case Input.SubmitInformational informational:
                Tag(output, RecordingTag.SubmitInformational, informational.Id);
                WriteHead(output, informational.Head);
                break;
            case Input.SubmitData data:
                Tag(output, RecordingTag.SubmitData, data.Id);
                WriteOctets(output, data.Data.Span);
                WriteBool(output, data.EndStream);
                break;
            case Input.SubmitTrailers trailers:
                Tag(output, RecordingTag.SubmitTrailers, trailers.Id);
                WriteFields(output, trailers.Fields);
                break;
            case Input.SubmitPush push:
                Tag(output, RecordingTag.SubmitPush, push.Parent);
                WriteFields(output, push.Fields);
                break;
            case Input.SubmitReset reset:
                Tag(output, RecordingTag.SubmitReset, reset.Id);
                Varint.Write(output, (uint)reset.Code);
                break;
            case Input.SubmitPriority priority:
                Tag(output, RecordingTag.SubmitPriority, priority.Id);
                WriteOctets(output, priority.FieldValue.Span);
                break;
            case Input.Consume consume:
                Tag(output, RecordingTag.Consume, consume.Id);
                Varint.WriteSigned(output, consume.Octets);
                break;
            case Input.Retire retire:
                Tag(output, RecordingTag.Retire, retire.Id);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void Tag(OutputBuffer output, RecordingTag tag) => output.Write([(byte)tag]);

    private static void Tag(OutputBuffer output, RecordingTag tag, StreamId id)
    {
        Tag(output, tag);
        Varint.Write(output, id.Value);
    }

    private static void WriteBool(OutputBuffer output, bool value) => output.Write([value ? (byte)1 : (byte)0]);

    private static void WriteOctets(OutputBuffer output, ReadOnlySpan<byte> octets)
    {
        Varint.Write(output, (ulong)octets.Length);
        output.Write(octets);
    }

    private static void WriteHead(OutputBuffer output, in OutboundHead head)
    {
        Varint.WriteSigned(output, head.Status);
        Varint.WriteSigned(output, head.ContentLength);
        WriteOptional(output, head.Date);
        WriteFields(output, head.Fields);
    }

    private static void WriteOptional(OutputBuffer output, HeaderField? field)
    {
        WriteBool(output, field is not null);
        if (field is not null)
            WriteField(output, field);
    }

    private static void WriteFields(OutputBuffer output, ImmutableArray<HeaderField> fields)
    {
        Varint.Write(output, (ulong)fields.Length);
        foreach (var field in fields)
            WriteField(output, field);
    }

    private static void WriteField(OutputBuffer output, HeaderField field)
    {
        WriteBool(output, field.NeverIndexed);
        WriteOctets(output, field.Name.Span);
        WriteOctets(output, field.Value.Span);
    }

    private static void WriteSettings(OutputBuffer output, ImmutableArray<Setting> settings)
    {
        Varint.Write(output, (ulong)settings.Length);
        foreach (var setting in settings)
        {
            Varint.Write(output, (ushort)setting.Id);
            Varint.Write(output, setting.Value);
        }
    }
}
