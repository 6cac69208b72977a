using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hpack.Pure;

namespace Http2.Pure;

/// <summary>
/// Everything that can happen to a connection: what the transport brought, the clock, and the commands of the application. A closed union of
/// immutable values; a recorded list of them replays a connection exactly. Times are in milliseconds of any monotonic clock. <c>ToString</c>
/// shows fields and settings, and of octets how many there are.
/// </summary>
public abstract record Input
{
    private Input()
    {
    }

    /// <summary>Octets came from the peer, cut anywhere.</summary>
    /// <param name="Octets">The octets.</param>
    /// <param name="Now">The time.</param>
    public sealed record Received(Octets Octets, long Now) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Octets = {Count(Octets)}, Now = {Now}");
    }

    /// <summary>The peer will send no more; see <see cref="Connection.EndOfInput"/>.</summary>
    public sealed record EndOfInput : Input;

    /// <summary>The transport is gone, in both directions; see <see cref="Connection.Disconnect"/>.</summary>
    public sealed record Disconnected : Input;

    /// <summary>Time passed; see <see cref="Connection.Tick"/>.</summary>
    /// <param name="Now">The time.</param>
    public sealed record Tick(long Now) : Input;

    /// <summary>Queued bodies may be sent; see <see cref="Connection.Drain"/>.</summary>
    /// <param name="Budget">About how many octets.</param>
    public sealed record Drain(int Budget) : Input;

    /// <summary>A final response is sent; see <see cref="Connection.SubmitResponse"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Head">The head.</param>
    /// <param name="Body">The body or its first part.</param>
    /// <param name="EndStream">Whether that is all of it.</param>
    public sealed record SubmitResponse(StreamId Id, OutboundHead Head, Octets Body, bool EndStream) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Id = {Id}, Head = {Head}, Body = {Count(Body)}, EndStream = {EndStream}");
    }

    /// <summary>An informational response is sent; see <see cref="Connection.SubmitInformational"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Head">The head.</param>
    public sealed record SubmitInformational(StreamId Id, OutboundHead Head) : Input;

    /// <summary>A part of a body is sent; see <see cref="Connection.SubmitData"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Data">The next part of the body.</param>
    /// <param name="EndStream">Whether it is the last.</param>
    public sealed record SubmitData(StreamId Id, Octets Data, bool EndStream) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Id = {Id}, Data = {Count(Data)}, EndStream = {EndStream}");
    }

    /// <summary>Trailers are sent; see <see cref="Connection.SubmitTrailers"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Fields">The trailers.</param>
    public sealed record SubmitTrailers(StreamId Id, ImmutableArray<HeaderField> Fields) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Id = {Id}, Fields = {FieldLine.Of(Fields)}");
    }

    /// <summary>A request is promised, see <see cref="Connection.SubmitPush"/>; the promised stream is <see cref="Step.Opened"/>.</summary>
    /// <param name="Parent">The stream whose request the push belongs to.</param>
    /// <param name="Fields">The promised request.</param>
    public sealed record SubmitPush(StreamId Parent, ImmutableArray<HeaderField> Fields) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Parent = {Parent}, Fields = {FieldLine.Of(Fields)}");
    }

    /// <summary>A request is sent, see <see cref="Connection.SubmitRequest"/>; the new stream is <see cref="Step.Opened"/>.</summary>
    /// <param name="Fields">The request.</param>
    /// <param name="EndStream">Whether it has no body.</param>
    public sealed record SubmitRequest(ImmutableArray<HeaderField> Fields, bool EndStream) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Fields = {FieldLine.Of(Fields)}, EndStream = {EndStream}");
    }

    /// <summary>A stream is reset; see <see cref="Connection.SubmitReset"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Code">Why.</param>
    public sealed record SubmitReset(StreamId Id, ErrorCode Code) : Input;

    /// <summary>The priority of a response is told; see <see cref="Connection.SubmitPriority"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="FieldValue">The value of the Priority field.</param>
    public sealed record SubmitPriority(StreamId Id, Octets FieldValue) : Input;

    /// <summary>A PING is sent; see <see cref="Connection.SubmitPing"/>.</summary>
    /// <param name="Opaque">The eight octets.</param>
    public sealed record SubmitPing(ulong Opaque) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Opaque = 0x{Opaque:x16}");
    }

    /// <summary>The settings of this end change; see <see cref="Connection.SubmitSettings"/>.</summary>
    /// <param name="Settings">The entries, in order.</param>
    /// <param name="Now">The time.</param>
    public sealed record SubmitSettings(ImmutableArray<Setting> Settings, long Now) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Settings = {SettingLine.Of(Settings)}, Now = {Now}");
    }

    /// <summary>The date of responses that this end makes by itself changes; see <see cref="Connection.SetDate"/>.</summary>
    /// <param name="Date">The field, or null for none.</param>
    public sealed record SetDate(HeaderField? Date) : Input
    {
        /// <inheritdoc/>
        protected override bool PrintMembers(StringBuilder builder) => Print(builder, $"Date = {(Date is null ? "none" : FrameText.Printable(Date.Value.Span))}");
    }

    /// <summary>A graceful end begins; see <see cref="Connection.Shutdown"/>.</summary>
    /// <param name="Now">The time.</param>
    public sealed record Shutdown(long Now) : Input;

    /// <summary>The connection is ended at once; see <see cref="Connection.Abort"/>.</summary>
    /// <param name="Code">Why.</param>
    public sealed record Abort(ErrorCode Code) : Input;

    /// <summary>The application took octets of a body; see <see cref="Connection.Consume"/>.</summary>
    /// <param name="Id">The stream.</param>
    /// <param name="Octets">How many octets were taken.</param>
    public sealed record Consume(StreamId Id, int Octets) : Input;

    /// <summary>What may be unread is bounded; see <see cref="Connection.BoundUnread"/>.</summary>
    /// <param name="Octets">How many octets may be unread; 0 for no bound of its own.</param>
    public sealed record BoundUnread(long Octets) : Input;

    /// <summary>The application has done with a stream that closed before its end; see <see cref="Connection.Retire"/>.</summary>
    /// <param name="Id">The stream.</param>
    public sealed record Retire(StreamId Id) : Input;

    private static bool Print(StringBuilder builder, FormattableString members)
    {
        builder.Append(members.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private static string Count(Octets octets) => string.Create(CultureInfo.InvariantCulture, $"{octets.Length} octets");
}
