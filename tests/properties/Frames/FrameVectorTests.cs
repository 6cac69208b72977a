using System.Text.Json;
using Hpack.Pure;
using Http2.Pure;
using Http2.TestSupport;
using Xunit;

namespace Http2.Properties.Frames;

/// <summary>The published vectors of http2-frame-test-case.</summary>
public sealed class FrameVectorTests
{
    private const string Root = "http2-frame-test-case/";

    [VectorTheory(Root + "error")]
    [VectorFiles(Root + "error")]
    public void A_frame_of_the_error_vectors_is_a_fault_with_one_of_their_codes(string file)
    {
        var root = Read(file);
        var codes = root.GetProperty("error").EnumerateArray().Select(code => (ErrorCode)code.GetUInt32());
        Assert.Contains(Expect.Fault(Wire(root)).Code, codes);
    }

    [VectorTheory(Root + "data")]
    [VectorFiles(Root + "continuation")]
    [VectorFiles(Root + "data")]
    [VectorFiles(Root + "goaway")]
    [VectorFiles(Root + "headers")]
    [VectorFiles(Root + "ping")]
    [VectorFiles(Root + "priority")]
    [VectorFiles(Root + "push_promise")]
    [VectorFiles(Root + "rst_stream")]
    [VectorFiles(Root + "settings")]
    [VectorFiles(Root + "window_update")]
    public void A_frame_of_the_vectors_parses_to_what_they_say_and_back(string file)
    {
        var root = Read(file);
        var wire = Wire(root);
        var expected = root.GetProperty("frame");
        var read = Expect.Complete(wire);
        Assert.True(read.Rest.IsEmpty);
        Assert.Equal(expected.GetProperty("length").GetInt32(), wire.Length - FrameHeader.Size);
        Assert.Equal(expected.GetProperty("type").GetInt32(), (int)read.Frame.Type);
        Assert.Equal(expected.GetProperty("flags").GetInt32(), (int)read.Frame.Flags);
        Assert.Equal(expected.GetProperty("stream_identifier").GetUInt32(), read.Frame.StreamId.Value);
        Same(expected.GetProperty("frame_payload"), read.Frame);
        Assert.Equal(wire, Pure.Frames.Serialize(read.Frame));
    }

    [VectorFact(Root + "data")]
    public void All_vectors_are_run() =>
        Assert.Equal(34, Directory.GetFiles(Vectors.Find(Root)!, "*.json", SearchOption.AllDirectories).Length);

    private static void Same(JsonElement expected, Frame frame)
    {
        switch (frame)
        {
            case Frame.Data { Payload: var data }:
                Assert.Equal(Text(expected, "data"), data.Data);
                Padding(expected, data.Padding);
                break;
            case Frame.Headers { Payload: var headers }:
                Assert.Equal(Text(expected, "header_block_fragment"), headers.Fragment);
                Padding(expected, headers.Padding);
                Priority(expected, headers.Priority);
                break;
            case Frame.Priority { Payload: var priority }:
                Priority(expected, priority);
                break;
            case Frame.RstStream { Payload: var reset }:
                Assert.Equal(Number(expected, "error_code"), (uint)reset.Code);
                break;
            case Frame.Settings { Payload: var settings }:
                var entries = expected.GetProperty("settings").EnumerateArray().ToArray();
                Assert.Equal(entries.Length, settings.Count);
                for (var i = 0; i < entries.Length; i++)
                    Assert.Equal(new Setting((SettingId)entries[i][0].GetUInt32(), entries[i][1].GetUInt32()), settings[i]);
                break;
            case Frame.PushPromise { Payload: var promise }:
                Assert.Equal(Text(expected, "header_block_fragment"), promise.Fragment);
                Assert.Equal(Number(expected, "promised_stream_id"), promise.Promised.Value);
                Padding(expected, promise.Padding);
                break;
            case Frame.Ping { Payload: var ping }:
                Assert.Equal(Text(expected, "opaque_data"), Octets.FromHex(ping.Opaque.ToString("x16")));
                break;
            case Frame.GoAway { Payload: var goAway }:
                Assert.Equal(Number(expected, "last_stream_id"), goAway.LastStreamId.Value);
                Assert.Equal(Number(expected, "error_code"), (uint)goAway.Code);
                Assert.Equal(Text(expected, "additional_debug_data"), goAway.Debug);
                break;
            case Frame.WindowUpdate { Payload: var update }:
                Assert.Equal(Number(expected, "window_size_increment"), update.Increment);
                break;
            case Frame.Continuation { Payload: var continuation }:
                Assert.Equal(Text(expected, "header_block_fragment"), continuation.Fragment);
                break;
            default:
                Assert.Fail($"no vector is expected for {frame.Type}");
                break;
        }
    }

    private static void Padding(JsonElement expected, Octets? padding)
    {
        Assert.Equal(IsNull(expected, "padding") ? (Octets?)null : Text(expected, "padding"), padding);
        Assert.Equal(IsNull(expected, "padding_length") ? null : (int)Number(expected, "padding_length"), padding?.Length);
    }

    private static void Priority(JsonElement expected, PriorityPayload? priority) =>
        Assert.Equal(
            IsNull(expected, "weight")
                ? null
                : new PriorityPayload(
                    expected.GetProperty("exclusive").GetBoolean(), new StreamId(Number(expected, "stream_dependency")),
                    (int)Number(expected, "weight")),
            priority);

    private static bool IsNull(JsonElement expected, string name) => expected.GetProperty(name).ValueKind == JsonValueKind.Null;

    private static uint Number(JsonElement expected, string name) => expected.GetProperty(name).GetUInt32();

    private static Octets Text(JsonElement expected, string name) => expected.GetProperty(name).GetString()!;

    private static Octets Wire(JsonElement root) => Octets.FromHex(root.GetProperty("wire").GetString()!);

    private static JsonElement Read(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Vectors.Find(file)!));
        return json.RootElement.Clone();
    }
}
