using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What frames a response becomes; the test is the owner of the connection, and nothing is sent.</summary>
public sealed class ResponderTests
{
    private readonly FrameLines _lines = new();
    private ServingRole _role = null!;
    private Http2Request _request = null!;

    private CoreSession Core => _role.Connection.Core;

    [Fact]
    public void A_fixed_body_goes_out_with_its_head()
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [("x", "y")], "hello")));
        Assert.Equal(["HEADERS 1 :status 200, x y, content-length 5", "DATA 1 5 end"], Frames());
    }

    [Fact]
    public void An_answer_to_HEAD_tells_the_length_and_has_no_body()
    {
        Serve(Head(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], "hello")));
        Assert.Equal(["HEADERS 1 end :status 200, content-length 5"], Frames());
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(205, ", content-length 0")]
    [InlineData(304, "")]
    public void A_status_without_content_has_no_body_whatever_was_given(int status, string length)
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(status, [], "hello")));
        Assert.Equal([$"HEADERS 1 end :status {status}{length}"], Frames());
    }

    [Fact]
    public void A_declared_length_that_the_body_does_not_have_is_the_applications_mistake_and_sends_nothing()
    {
        Serve(Requests.Get(1));
        Assert.Throws<Http2MisuseException>(() => Respond(new Http2Response(200, [("content-length", "4")], "hello")));
        Assert.Empty(Frames());
    }

    [Fact]
    public void A_large_body_waits_in_the_core_and_counts_as_lent_memory()
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], new byte[100_000])));
        Assert.Equal(["HEADERS 1 :status 200, content-length 100000"], Frames());
        Assert.Equal(100_000, Core.Queued(new StreamId(1)));
        Assert.Equal(MemoryBudget.Lent(100_000), _request.LentOctets);
    }

    [Fact]
    public void Trailers_follow_a_fixed_body()
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], "hello") { Trailers = [("sum", "5")] }));
        Core.Drain(1_000);
        Assert.Equal(["HEADERS 1 :status 200, content-length 5", "DATA 1 5", "HEADERS 1 end sum 5"], Frames());
    }

    [Fact]
    public void A_body_that_needs_buffers_is_answered_with_503_while_memory_is_spent()
    {
        Serve(Requests.Get(1));
        var memory = _role.Connection.Host.Memory;
        memory.Add(2 * memory.Limit);
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], new MemoryStream([1, 2, 3]))));
        Assert.StartsWith("HEADERS 1 end :status 503", Assert.Single(Frames()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_must_be_read_is_pumped_behind_its_head()
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], ResponseBody.From(new MemoryStream([1, 2, 3])))));
        Assert.StartsWith("HEADERS 1 :status 200", Assert.Single(Frames()), StringComparison.Ordinal);
        Assert.NotNull(_request.Pump);
        Assert.True(_role.Connection.Events.HasWork);
    }

    [Fact]
    public void What_the_core_refuses_is_answered_to_the_caller()
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], ResponseBody.From(new MemoryStream([1])))));
        Assert.Equal(Refusal.ResponseAlreadySent, Respond(new Http2Response(200, [], "again")));
        Core.SubmitReset(new StreamId(1), ErrorCode.Cancel);
        Assert.Equal(Refusal.StreamClosed, Respond(new Http2Response(200, [], "late")));
    }

    [Fact]
    public void An_informational_response_leaves_room_for_the_final_one()
    {
        Serve(Requests.Get(1));
        Assert.Equal(Refusal.None, _role.Responder.Inform(_request, 103, [("link", "a")]));
        Assert.Equal(Refusal.None, Respond(new Http2Response(200, [], "hello")));
        Assert.Equal(["HEADERS 1 :status 103, link a", "HEADERS 1 :status 200, content-length 5", "DATA 1 5 end"], Frames());
    }

    private static byte[] Head(uint id) => Requests.Frame(
        1, 0x5, id, [0x02, 4, .. "HEAD"u8, 0x86, 0x84, 0x41, 1, (byte)'a']);

    private Refusal Respond(Http2Response response) => _role.Responder.Respond(_request, response);

    // A server whose delegate has got the request and does not answer.
    private void Serve(byte[] request)
    {
        var played = new PlayedServer().Start(request);
        _role = played.Role;
        _request = played.Request;
        ((IOwned)played.Connection).Resume();
    }

    private List<string> Frames() => _lines.Take(Core);
}
