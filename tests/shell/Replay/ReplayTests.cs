using Hpack.Pure;
using Http2.Pure;

using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests.Replay;

/// <summary><c>http2 replay</c>, and the recordings that <c>http2 serve --record</c> makes.</summary>
public sealed class ReplayTests
{
    [Fact]
    public void A_replay_shows_inputs_frames_events_and_states()
    {
        using var directory = new TemporaryDirectory();
        var (code, text) = Run(Save(directory, Recorded()));
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("recv the client's preface", text, StringComparison.Ordinal);
        Assert.Contains("send SETTINGS frame", text, StringComparison.Ordinal);
        Assert.Contains("FAULT of the connection: ProtocolError, RFC 9113", text, StringComparison.Ordinal);
        Assert.Contains("state finished", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_that_sends_something_else_fails()
    {
        using var directory = new TemporaryDirectory();
        var other = Recorded() with { Sent = new SentDigest(5, 5) };
        var (code, text) = Run(Save(directory, other));
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("NOT EQUAL", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_is_cut_down_to_the_frames_that_cause_it()
    {
        using var directory = new TemporaryDirectory();
        var least = Path.Combine(directory.FullPath, "least.h2rec");
        var (code, text) = Run(Save(directory, Recorded()), least);
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("cut down to 3 that still end in connection fault ProtocolError", text, StringComparison.Ordinal);
        // the preface, SETTINGS, and DATA on stream 0
        Assert.Equal([24, 9, 9], ReplayRun.Read(least).Inputs.Cast<Input.Received>().Select(input => input.Octets.Length));
    }

    [Fact]
    public void A_recording_that_breaks_off_is_replayed_and_not_compared()
    {
        using var directory = new TemporaryDirectory();
        var (code, text) = Run(Save(directory, Recorded()));
        Assert.Equal(ExitCode.Ok, code);
        Assert.Contains("not compared: the recording breaks off", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_recording_is_a_clear_error()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.FullPath, "x");
        File.WriteAllText(path, "something else");
        Assert.Contains("not a recording", Assert.Throws<UserErrorException>(() => ReplayRun.Read(path)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot read", Assert.Throws<UserErrorException>(() => ReplayRun.Read(path + "y")).Message, StringComparison.Ordinal);
    }

    private static (int Code, string Text) Run(string path, string? shrinkTo = null)
    {
        var output = new StringWriter();
        return (ReplayRun.Run(path, quiet: false, shrinkTo, output), output.ToString());
    }

    private static string Save(TemporaryDirectory directory, Recording recording)
    {
        var path = Path.Combine(directory.FullPath, "connection.h2rec");
        File.WriteAllBytes(path, recording.Encode().Span);
        return path;
    }

    // pings around a DATA frame on stream 0, all in one read
    private static Recording Recorded()
    {
        var octets = new OutputBuffer();
        octets.Write(WireConstants.Preface);
        SettingsFrame.Write(octets);
        for (var i = 0ul; i < 5; i++)
            PingFrame.Write(octets, i);
        DataFrame.Write(octets, StreamId.Connection, "data"u8, endStream: false);
        return new Recording(
            Role.Server, ConnectionOptions.Default, 100,
            [new Input.Received(Octets.Copy(octets.WrittenMemory.Span), 101), new Input.Tick(102), new Input.EndOfInput()]);
    }
}
