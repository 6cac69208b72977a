using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>A directory served by <c>http2 serve</c>, for all tests that only read it.</summary>
public sealed class ServedDirectory : IAsyncLifetime
{
    private ServeProcess? _process;

    internal TemporaryDirectory Temp { get; } = new();

    internal byte[] Large { get; } = RandomNumberGenerator.GetBytes(3_000_000);

    internal string Root => Path.Combine(Temp.FullPath, "www");

    internal ServeProcess Process => _process ?? throw new InvalidOperationException("the server was not started");

    internal HttpClient HttpClient { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public async ValueTask InitializeAsync()
    {
        Temp.Write("secret.txt", "secret");
        Temp.Write("www/index.html", "<title>home</title>");
        Temp.Write("www/digits.txt", "0123456789");
        Temp.Write("www/empty.css", "");
        Temp.Write("www/large.bin", Large);
        Temp.Write("www/sub dir/index.html", "sub");
        Temp.Write("www/none/other.txt", "x");
        Temp.Link("www/escape.txt", "../secret.txt");
        _process = await ServeProcess.StartAsync(Root, "--no-tls");
    }

    public async ValueTask DisposeAsync()
    {
        HttpClient.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        Temp.Dispose();
    }
}

/// <summary><c>http2 serve DIR</c>, asked by HttpClient.</summary>
public sealed class StaticFilesTests(ServedDirectory served) : IClassFixture<ServedDirectory>
{
    [Theory]
    [InlineData("OPTIONS", 204)]
    [InlineData("POST", 405)]
    [InlineData("BREW", 501)]
    public async Task Other_methods_than_those_that_read_are_answered_by_what_they_are(string method, int status)
    {
        foreach (var path in new[] { "/large.bin", "/none/" })
        {
            using var response = await SendAsync(new HttpMethod(method), path);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 501 ? [] : ["GET", "HEAD", "OPTIONS"], response.Content.Headers.Allow);
        }
    }

    [Fact]
    public async Task A_file_comes_with_type_length_and_validators()
    {
        using var response = await GetAsync("/large.bin");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(served.Large.Length, response.Content.Headers.ContentLength);
        Assert.NotNull(response.Headers.ETag);
        Assert.False(response.Headers.ETag.IsWeak);
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        Assert.Equal(served.Large, await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/", "<title>home</title>", "text/html; charset=utf-8")]
    [InlineData("/index.html", "<title>home</title>", "text/html; charset=utf-8")]
    [InlineData("/sub%20dir/", "sub", "text/html; charset=utf-8")]
    [InlineData("/digits.txt?version=2", "0123456789", "text/plain; charset=utf-8")]
    [InlineData("/empty.css", "", "text/css; charset=utf-8")]
    public async Task The_address_decides_the_file_and_the_file_the_type(string path, string body, string type)
    {
        using var response = await GetAsync(path);
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/sub%20dir", "/sub%20dir/")]
    [InlineData("/sub%20dir?a=b", "/sub%20dir/?a=b")]
    [InlineData("//sub%20dir", "/sub%20dir/")]
    public async Task A_directory_without_slash_is_redirected_within_the_site(string path, string location)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal(location, response.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/absent", 404)]
    [InlineData("/none/", 404)]
    [InlineData("/digits.txt/", 404)]
    [InlineData("/escape.txt", 404)]
    [InlineData("/../secret.txt", 400)]
    [InlineData("/%2e%2e/secret.txt", 400)]
    [InlineData("/..%2fsecret.txt", 400)]
    [InlineData("/..%5csecret.txt", 400)]
    [InlineData("/sub%20dir/../../secret.txt", 400)]
    [InlineData("/digits.txt%00.html", 400)]
    [InlineData("/%zz", 400)]
    public async Task What_is_not_in_the_directory_is_not_served(string path, int status)
    {
        using var response = await GetAsync(path);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.DoesNotContain("secret\n", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_is_get_without_the_body()
    {
        using var get = await GetAsync("/large.bin");
        using var head = await SendAsync(HttpMethod.Head, "/large.bin", ("range", "bytes=0-1"));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(served.Large.Length, head.Content.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_own_validators_give_304_without_a_body()
    {
        using var first = await GetAsync("/digits.txt");
        (string, string)[] conditions =
        [
            ("if-none-match", first.Headers.ETag!.ToString()),
            ("if-modified-since", first.Content.Headers.LastModified!.Value.ToString("R")),
        ];
        foreach (var condition in conditions)
        {
            using var again = await GetAsync("/digits.txt", condition);
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal(first.Headers.ETag, again.Headers.ETag);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        }
        using var other = await GetAsync("/digits.txt", ("if-none-match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var failed = await GetAsync("/digits.txt", ("if-match", "\"other\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, failed.StatusCode);
    }

    [Fact]
    public async Task A_changed_file_has_another_tag()
    {
        served.Temp.Write("www/changing.txt", "0123456789");
        using var first = await GetAsync("/changing.txt");
        served.Temp.Write("www/changing.txt", "9876543210");
        using var second = await GetAsync("/changing.txt", ("if-none-match", first.Headers.ETag!.ToString()));
        Assert.Equal("9876543210", await second.Content.ReadAsStringAsync());
        Assert.NotEqual(first.Headers.ETag, second.Headers.ETag);
    }

    [Theory]
    [InlineData("bytes=0-0", "0", "bytes 0-0/10")]
    [InlineData("bytes=2-5", "2345", "bytes 2-5/10")]
    [InlineData("bytes=7-", "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", "89", "bytes 8-9/10")]
    public async Task One_range_is_206(string range, string body, string contentRange)
    {
        using var response = await GetAsync("/digits.txt", ("range", range));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(contentRange, response.Content.Headers.ContentRange?.ToString());
        Assert.Equal(body, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_range_of_a_large_file_has_its_octets()
    {
        using var response = await GetAsync("/large.bin", ("range", "bytes=1000000-2499999"));
        Assert.Equal(served.Large[1_000_000..2_500_000], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Several_ranges_are_a_multipart_body()
    {
        using var response = await GetAsync("/digits.txt", ("range", "bytes=0-1,4-5,-1"));
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal("multipart/byteranges", response.Content.Headers.ContentType?.MediaType);
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value;
        var expected = new StringBuilder();
        const string Type = "text/plain; charset=utf-8";
        foreach (var (range, body) in new[] { ("0-1", "01"), ("4-5", "45"), ("9-9", "9") })
            expected.Append($"--{boundary}\r\ncontent-type: {Type}\r\ncontent-range: bytes {range}/10\r\n\r\n{body}\r\n");
        Assert.Equal($"{expected}--{boundary}--\r\n", await response.Content.ReadAsStringAsync());
        Assert.Equal(expected.Length + boundary!.Length + 6, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_range_beyond_the_end_is_416_and_tells_the_length()
    {
        using var response = await GetAsync("/digits.txt", ("range", "bytes=10-"));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal(new ContentRangeHeaderValue(10), response.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task If_range_with_another_version_gives_the_whole()
    {
        using var first = await GetAsync("/digits.txt");
        using var same = await GetAsync("/digits.txt", ("range", "bytes=0-0"), ("if-range", first.Headers.ETag!.ToString()));
        using var other = await GetAsync("/digits.txt", ("range", "bytes=0-0"), ("if-range", "\"other\""));
        Assert.Equal("0", await same.Content.ReadAsStringAsync());
        Assert.Equal("0123456789", await other.Content.ReadAsStringAsync());
    }

    [ClientFact("mkfifo")]
    public async Task A_pipe_in_the_directory_does_not_hold_the_server_up()
    {
        var run = await ProcessRun.RunAsync(Client.Path("mkfifo"), [Path.Combine(served.Root, "pipe")]);
        Assert.Equal(0, run.ExitCode);
        using var response = await GetAsync("/pipe");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [ClientFact("nghttp")]
    public async Task Push_rules_bring_files_along()
    {
        await using var server = await ServeProcess.StartAsync(
            served.Root, "--no-tls", "--push", "/=/digits.txt,/empty.css", "--push", "/=/large.bin");
        var run = await ProcessRun.RunAsync(Client.Path("nghttp"), ["-nv", server.Http + "/"]);
        foreach (var path in new[] { "digits.txt", "empty.css", "large.bin" })
            Assert.Matches($@"recv \(stream_id=13\) :path: /{path.Replace(".", "\\.")}", run.Text);
        var missing = await ProcessRun.RunAsync(Client.Path("nghttp"), ["-nv", server.Http + "/absent"]);
        Assert.DoesNotContain("PUSH_PROMISE", missing.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_rule_for_a_missing_file_is_told_at_start()
    {
        var run = await ProcessRun.RunAsync(
            ServeProcess.Tool("serve", served.Root, "--push", "/=/absent.css"), seconds: 30);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("http2: option --push: there is no file for '/absent.css'", run.Error, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Get, path, fields);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] fields)
    {
        // as it stands: Uri would resolve ".." before it is sent
        var asIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        using var request = new HttpRequestMessage(method, new Uri(served.Process.Http + path, asIs))
        {
            Version = served.HttpClient.DefaultRequestVersion,
            VersionPolicy = served.HttpClient.DefaultVersionPolicy,
        };
        foreach (var (name, value) in fields)
            request.Headers.TryAddWithoutValidation(name, value);
        return await served.HttpClient.SendAsync(request);
    }
}
