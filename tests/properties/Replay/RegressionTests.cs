using Hpack.Pure;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Replay;

/// <summary>What real clients did replays to what the server sent them then.</summary>
public sealed class RegressionTests
{
    [Fact]
    public void Every_client_and_the_harness_are_there()
    {
        var files = Directory.GetFiles(RecordingFiles.Directory, "*.h2rec").Select(Path.GetFileName).ToList();
        foreach (var client in new[] { "curl", "nghttp", "chromium", "httpclient", "conformance" })
            Assert.Contains(files, file => file!.StartsWith(client, StringComparison.Ordinal));
    }

    /// <summary>
    /// The server may have cut a connection before everything was out, so what was sent then is the beginning of what is sent now. When a
    /// change of the core is meant to change this, record anew (docs/recording.md).
    /// </summary>
    [Theory]
    [RecordingFiles]
    public void A_recording_replays_octet_for_octet(string file)
    {
        var recording = RecordingFiles.Load(file);
        var sent = recording.Sent.IfNone(() => throw new InvalidOperationException($"{file} breaks off"));
        var replayed = SentBy(recording);
        Assert.True(replayed.Length >= sent.Octets, $"{replayed.Length} octets are sent, {sent.Octets} were");
        Assert.Equal(sent, SentDigest.Empty.Add(replayed.Span[..(int)sent.Octets]));
    }

    [Theory]
    [RecordingFiles]
    public void Replaying_twice_gives_equal_states_and_octets(string file)
    {
        var recording = RecordingFiles.Load(file);
        Assert.Equal(
            recording.Replay().Select(step => (step.Result.State, step.Result.Output, step.Refusal)),
            recording.Replay().Select(step => (step.Result.State, step.Result.Output, step.Refusal)));
    }

    [Theory]
    [RecordingFiles]
    public void How_the_transport_cut_the_octets_does_not_matter(string file)
    {
        var recording = RecordingFiles.Load(file);
        var cut = recording with { Inputs = [.. recording.Inputs.SelectMany(OctetByOctet)] };
        Assert.Equal(SentBy(recording), SentBy(cut));
        Assert.Equal(recording.Replay().Last().Result.State, cut.Replay().Last().Result.State);
    }

    /// <summary>One from an older version gains the options that came since, with their defaults; nothing else changes.</summary>
    [Theory]
    [RecordingFiles]
    public void A_recording_survives_being_written(string file)
    {
        var (octets, recording) = (RecordingFiles.Read(file), RecordingFiles.Load(file));
        var written = recording.Encode();
        Assert.InRange(written.Length - octets.Length, 0, 64);
        Assert.True(octets.Span[^(octets.Length - 100)..].SequenceEqual(written.Span[^(octets.Length - 100)..]));
        Assert.Equal(written, Recording.Decode(written).Match(Right: again => again.Encode(), Left: _ => default));
    }

    private static IEnumerable<Input> OctetByOctet(Input input) => input is Input.Received received
        ? Enumerable.Range(0, received.Octets.Length).Select(i => received with { Octets = received.Octets.Slice(i, 1) })
        : [input];

    private static Octets SentBy(Recording recording)
    {
        var all = new OutputBuffer();
        foreach (var step in recording.Replay())
            all.Write(step.Result.Output.Span);
        return new Octets(all.WrittenMemory);
    }
}
