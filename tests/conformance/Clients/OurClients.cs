using System.Net.Security;
using Http2.Shell;
using Http2.Tool;

namespace Http2.Conformance.Tests;

/// <summary>Our clients as a run of the cases starts them: the library and <c>http2 get</c>, both in this process.</summary>
internal static class OurClients
{
    private static readonly ClientTask[] AllTasks = Enum.GetValues<ClientTask>();

    private static readonly SslClientAuthenticationOptions AnyCertificate = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true };

    private static readonly Http2ClientOptions Plain = new() { Tls = AnyCertificate };

    private static readonly Http2ClientOptions Pushing = Plain with { Connection = Plain.Connection with { EnablePush = true } };

    /// <summary><see cref="Http2ClientConnection"/>, which takes pushes or does not.</summary>
    public static ConformanceClient Library(bool tls = false, bool takesPushes = false) =>
        new("Http2ClientConnection", (call, cancellation) => RunAsync(call, takesPushes, cancellation))
        {
            Tls = tls,
            Tasks = AllTasks,
            Habits = new ClientHabits(ReportsFailure: true, WritesBodies: true),
        };

    /// <summary>The command <c>http2 get</c>.</summary>
    public static ConformanceClient Command(bool tls = false) => new("http2 get", GetAsync)
    {
        Tls = tls,
        Tasks = AllTasks,
        Habits = new ClientHabits(ReportsFailure: true, WritesBodies: true),
    };

    private static async Task<ClientEnding> RunAsync(ClientCall call, bool takesPushes, CancellationToken cancellation)
    {
        await using var connection = await Http2ClientConnection.ConnectAsync(new Uri(call.Urls[0]), takesPushes ? Pushing : Plain, cancellation);
        // What the server announces is known before requests are sent that could be sent otherwise.
        if (call.Task == ClientTask.Several)
            await connection.PingAsync(cancellation);
        var bodies = await Task.WhenAll(call.Urls.Select(url => AskAsync(connection, RequestFor(call, url, takesPushes), cancellation)));
        await connection.ShutdownAsync(cancellation);
        return new ClientEnding(0, string.Concat(bodies), "");
    }

    private static Http2ClientRequest RequestFor(ClientCall call, string url, bool takesPushes) => new(
        call.Task == ClientTask.Upload ? "POST" : "GET", new Uri(url).PathAndQuery, body: call.Task == ClientTask.Upload ? call.Upload.ToArray() : null)
    {
        TakesPushes = takesPushes,
    };

    private static async Task<string> AskAsync(Http2ClientConnection connection, Http2ClientRequest request, CancellationToken cancellation)
    {
        var stream = await connection.SendAsync(request, cancellation);
        if (request.TakesPushes)
            _ = TakePushesAsync(stream);
        await stream.Response;
        using var reader = new StreamReader(stream.BodyStream);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static async Task TakePushesAsync(Http2ClientStream stream)
    {
        try
        {
            await foreach (var pushed in stream.Pushes)
                await pushed.BodyStream.CopyToAsync(Stream.Null);
        }
        catch (IOException)
        {
            // The promise was malformed or taken back; the case judges what the client says of it.
        }
    }

    private static async Task<ClientEnding> GetAsync(ClientCall call, CancellationToken cancellation)
    {
        var file = call.Task == ClientTask.Upload ? Path.GetTempFileName() : null;
        try
        {
            if (file is not null)
                await File.WriteAllBytesAsync(file, call.Upload, cancellation);
            using var output = new MemoryStream();
            var options = new GetOptions
            {
                Urls = [.. call.Urls.Select(url => new Uri(url))],
                DataPath = file,
                IsInsecure = true,
                Connection = Http2ClientOptions.Default.Connection,
            };
            var code = await GetRun.RunAsync(options, output, cancellation);
            return new ClientEnding(code, System.Text.Encoding.Latin1.GetString(output.ToArray()), "");
        }
        finally
        {
            if (file is not null)
                File.Delete(file);
        }
    }
}
