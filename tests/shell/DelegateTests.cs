using System.Net;
using System.Text;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class DelegateTests
{
    [Fact]
    public async Task A_delegate_answers_a_request()
    {
        await using var serving = await Serving.StartAsync((request, _) =>
            new(new Http2Response(200, [("content-type", "text/plain")], $"{request.Method} {request.Path} {request.Scheme} {request.Host}")));
        var response = await serving.Client().GetAsync("/hello?x=1");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal($"GET /hello?x=1 http {serving.Uri.Authority}", await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.ToString());
        Assert.NotNull(response.Headers.Date);
        Assert.NotNull(response.Content.Headers.ContentLength);
        Assert.Empty(serving.Log.Errors);
    }
}
