#:property PublishAot=false
#:property TreatWarningsAsErrors=false
using System.Net;

// A client on .NET's HttpClient, as the cases for clients start it: HttpClient [--upload FILE] URL...
// Writes the bodies out and ends with 0 if and only if all responses came.
var words = args.ToList();
byte[]? body = null;
if (words[0] == "--upload")
{
    body = File.ReadAllBytes(words[1]);
    words.RemoveRange(0, 2);
}
using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
try
{
    foreach (var text in await Task.WhenAll(words.Select(AskAsync)))
        Console.Write(text);
    return 0;
}
catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}

async Task<string> AskAsync(string url)
{
    using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, url)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = body is null ? null : new ByteArrayContent(body),
    };
    using var response = await client.SendAsync(request);
    return await response.Content.ReadAsStringAsync();
}
