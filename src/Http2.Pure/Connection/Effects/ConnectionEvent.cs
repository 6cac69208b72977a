using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// What a connection tells the application: a closed union. Events come in the order in which things happened. Immutable. <c>ToString</c> shows
/// what an event holds in one line; of a body it tells the length alone.
/// </summary>
public abstract record ConnectionEvent
{
    private ConnectionEvent()
    {
    }

    /// <summary>A request's head arrived (server).</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Head">The head, judged and found well-formed.</param>
    /// <param name="EndStream">Whether the request has no body.</param>
    public sealed record RequestReceived(StreamId Id, RequestHead Head, bool EndStream) : ConnectionEvent;

    /// <summary>A 1xx response arrived (client).</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Head">Its head.</param>
    public sealed record InformationalReceived(StreamId Id, ResponseHead Head) : ConnectionEvent;

    /// <summary>A final response's head arrived (client).</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Head">Its head.</param>
    /// <param name="EndStream">Whether it has no body.</param>
    public sealed record ResponseReceived(StreamId Id, ResponseHead Head, bool EndStream) : ConnectionEvent;

    /// <summary>
    /// A part of a body arrived. The application gives credit back for its octets with <c>Connection.Consume</c> as it takes them; the credit of
    /// padding was given back already.
    /// </summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Data">A slice of the input: valid as long as the memory that was handed to the connection.</param>
    /// <param name="EndStream">Whether it is the last part and no trailers follow.</param>
    public sealed record DataReceived(StreamId Id, ReadOnlyMemory<byte> Data, bool EndStream) : ConnectionEvent
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(CultureInfo.InvariantCulture, $"Id = {Id}, Data = {Data.Length} octets, EndStream = {EndStream}");
            return true;
        }
    }

    /// <summary>Trailers arrived; they end the message (RFC 9113 §8.1).</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Fields">The trailer fields.</param>
    public sealed record TrailersReceived(StreamId Id, FieldList Fields) : ConnectionEvent
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(CultureInfo.InvariantCulture, $"Id = {Id}, Fields = {FieldLine.Of(Fields)}");
            return true;
        }
    }

    /// <summary>The server promised a response (client; RFC 9113 §8.4).</summary>
    /// <param name="Id">The stream that the promise came on.</param>
    /// <param name="Promised">The stream that the response will come on.</param>
    /// <param name="Head">The promised request.</param>
    public sealed record PushPromised(StreamId Id, StreamId Promised, RequestHead Head) : ConnectionEvent;

    /// <summary>Octets of a queued body went out; the application may queue more.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Octets">How many went out in this step.</param>
    /// <param name="Queued">How many are still queued.</param>
    public sealed record DataSent(StreamId Id, int Octets, long Queued) : ConnectionEvent;

    /// <summary>
    /// A stream that the application knew of is closed. This comes exactly once for each such stream, whatever the cause, also when the
    /// connection ends. After an <paramref name="Abnormal"/> end the application may still work on the stream; with <c>Connection.Retire</c> it
    /// says that it no longer does.
    /// </summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Code">NO_ERROR when both sides ended it; otherwise the code of the RST_STREAM or GOAWAY.</param>
    /// <param name="Abnormal">Whether it ended before both sides had finished.</param>
    public sealed record StreamClosed(StreamId Id, ErrorCode Code, bool Abnormal) : ConnectionEvent
    {
        private const uint AbnormalBit = 1u << 31;

        // Every request ends with such an event, so its size counts: an identifier has a bit to spare, and a third field would cost eight octets.
        private readonly uint _idAndAbnormal = Id.Value | (Abnormal ? AbnormalBit : 0);

        /// <summary>The stream.</summary>
        public StreamId Id
        {
            get => new(_idAndAbnormal & ~AbnormalBit);
            init => _idAndAbnormal = value.Value | (_idAndAbnormal & AbnormalBit);
        }

        /// <summary>NO_ERROR when both sides ended it; otherwise the code of the RST_STREAM or GOAWAY.</summary>
        public ErrorCode Code { get; init; } = Code;

        /// <summary>Whether it ended before both sides had finished.</summary>
        public bool Abnormal
        {
            get => (_idAndAbnormal & AbnormalBit) != 0;
            init => _idAndAbnormal = Id.Value | (value ? AbnormalBit : 0);
        }
    }

    /// <summary>The SETTINGS of the peer were applied and acknowledged.</summary>
    /// <param name="Settings">The entries, in order.</param>
    public sealed record SettingsReceived(ImmutableArray<Setting> Settings) : ConnectionEvent
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(CultureInfo.InvariantCulture, $"Settings = {SettingLine.Of(Settings)}");
            return true;
        }
    }

    /// <summary>The peer acknowledged the oldest SETTINGS frame of this end that was in flight.</summary>
    public sealed record SettingsAcknowledged : ConnectionEvent;

    /// <summary>The peer answered a PING that the application sent.</summary>
    /// <param name="Opaque">Its eight octets.</param>
    public sealed record PingAcknowledged(ulong Opaque) : ConnectionEvent
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(CultureInfo.InvariantCulture, $"Opaque = 0x{Opaque:x16}");
            return true;
        }
    }

    /// <summary>The peer is going away (RFC 9113 §6.8).</summary>
    /// <param name="LastStreamId">The last stream of this end that the peer may have worked on.</param>
    /// <param name="Code">Why.</param>
    /// <param name="Debug">Debug data, cut to 256 octets.</param>
    public sealed record GoAwayReceived(StreamId LastStreamId, ErrorCode Code, Octets Debug) : ConnectionEvent
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(CultureInfo.InvariantCulture, $"LastStreamId = {LastStreamId}, Code = {Code}, Debug = {FrameText.Printable(Debug.Span)}");
            return true;
        }
    }

    /// <summary>A fault of the peer was answered by ending its stream, with RST_STREAM or 431; for the log.</summary>
    /// <param name="Fault">What was wrong.</param>
    public sealed record StreamFaulted(Fault.OfStream Fault) : ConnectionEvent;

    /// <summary>A fault of the peer was answered with GOAWAY; the connection is over.</summary>
    /// <param name="Fault">What was wrong.</param>
    public sealed record ConnectionFaulted(Fault.OfConnection Fault) : ConnectionEvent;
}
