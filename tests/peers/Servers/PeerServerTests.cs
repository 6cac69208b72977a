using System.Net;
using System.Security.Cryptography;
using System.Text;
using Http2.Shell;
using Xunit;

namespace Http2.Peers.Tests;

/// <summary>HttpClient on our handler, against servers of others: what comes is what was sent.</summary>
public sealed class PeerServerTests
{
    private const int Large = 8 * 1024 * 1024;

    private static readonly byte[] Content = RandomNumberGenerator.GetBytes(Large);

    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Content));

    [Theory]
    [InlineData("nghttpd")]
    [InlineData("nginx")]
    [InlineData("h2o")]
    [InlineData("node")]
    public async Task A_large_file_comes_whole(string program)
    {
        await using var server = await PeerServer.StartAsync(program, ("large", Content));
        using var client = Client();
        using var response = await client.GetAsync(new Uri(server.Address, "/large"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.Equal(Hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(body)));
    }

    [Theory]
    [InlineData("nghttpd")]
    [InlineData("nginx")]
    [InlineData("h2o")]
    [InlineData("node")]
    public async Task Many_requests_at_once_are_all_answered(string program)
    {
        await using var server = await PeerServer.StartAsync(program, ("small", Encoding.ASCII.GetBytes("Hello, World!")));
        using var client = Client();
        var bodies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => client.GetStringAsync(new Uri(server.Address, "/small"))));
        Assert.All(bodies, body => Assert.Equal("Hello, World!", body));
    }

    [Theory]
    [InlineData("nghttpd")]
    [InlineData("node")]
    public async Task A_large_upload_comes_whole(string program)
    {
        await using var server = await PeerServer.StartAsync(program);
        using var client = Client();
        using var content = new StreamContent(new MemoryStream(Content));
        using var response = await client.PostAsync(server.Address, content);
        var answer = await response.Content.ReadAsByteArrayAsync();

        // nghttpd sends the body back, node its hash.
        Assert.Equal(Hash, answer.Length == Large ? Convert.ToHexStringLower(SHA256.HashData(answer)) : Encoding.ASCII.GetString(answer));
    }

    [Theory]
    [InlineData("nghttpd")]
    [InlineData("nginx")]
    [InlineData("h2o")]
    [InlineData("node")]
    public async Task Requests_that_are_given_up_do_no_harm_to_others(string program)
    {
        await using var server = await PeerServer.StartAsync(program, ("large", Content), ("small", [1]));
        using var client = Client();
        using var ended = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var i = 0; i < 20; i++)
        {
            using var given = await client.GetAsync(new Uri(server.Address, "/large"), HttpCompletionOption.ResponseHeadersRead, ended.Token);
        }
        Assert.Equal([1], await client.GetByteArrayAsync(new Uri(server.Address, "/small"), ended.Token));
    }

    private static HttpClient Client() => new(new Http2MessageHandler()) { DefaultRequestVersion = HttpVersion.Version20 };
}
