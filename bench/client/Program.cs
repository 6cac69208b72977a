using System.Diagnostics;
using System.Globalization;
using System.Net;
using Http2.Shell;

// Compares Http2MessageHandler with SocketsHttpHandler: HttpClient sends the same requests to one server through either of them in turns.
//   dotnet run -c Release --project bench/client -- http://127.0.0.1:8080 [ROUNDS]
// Printed are the CPU time and the allocated octets of this process for a request, and how long a round took, each in its best round.
if (args.Length == 0 || !Uri.TryCreate(args[0], UriKind.Absolute, out var server))
{
    Console.Error.WriteLine("usage: Http2.ClientBench URL [ROUNDS]; the server is `http2 serve`");
    return 2;
}
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
var upload = new byte[1024 * 1024];
Load[] loads =
[
    new("c1 m100 GET", 1, 100, 20_000, client => GetAsync(client, "/hello")),
    new("c10 m1 GET", 10, 1, 10_000, client => GetAsync(client, "/hello")),
    new("1 MiB down", 1, 4, 200, client => DownloadAsync(client, "/bytes/1048576")),
    new("1 MiB up", 1, 4, 200, client => UploadAsync(client, "/upload", upload)),
];
foreach (var load in loads)
{
    foreach (var ours in new[] { true, false })
        await RunAsync(load with { Requests = Math.Max(load.Requests / 10, 1) }, ours);
    var best = new Dictionary<bool, Figures>();
    for (var round = 0; round < rounds; round++)
    {
        foreach (var ours in new[] { true, false })
        {
            var figures = await RunAsync(load, ours);
            best[ours] = best.TryGetValue(ours, out var before) ? before.Least(figures) : figures;
        }
    }
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{load.Name,-12} ours {best[true]}  SocketsHttpHandler {best[false]}  CPU {best[true].Cpu / best[false].Cpu:0.00}x  allocated {best[true].Octets / best[false].Octets:0.00}x"));
}
return 0;

async Task<Figures> RunAsync(Load load, bool ours)
{
    var clients = Enumerable.Range(0, load.Connections).Select(_ => Client(ours)).ToList();
    foreach (var client in clients)
        await load.Ask(client);
    var left = load.Requests;
    GC.Collect();
    var (cpu, octets, began) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
    await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, load.Streams).Select(_ => Task.Run(async () =>
    {
        while (Interlocked.Decrement(ref left) >= 0)
            await load.Ask(client);
    }))));
    var figures = new Figures(
        (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / load.Requests,
        (GC.GetTotalAllocatedBytes(precise: true) - octets) / (double)load.Requests,
        Stopwatch.GetElapsedTime(began));
    clients.ForEach(client => client.Dispose());
    return figures;
}

HttpClient Client(bool ours) => new(ours ? new Http2MessageHandler() : new SocketsHttpHandler { UseProxy = false })
{
    BaseAddress = server,
    DefaultRequestVersion = HttpVersion.Version20,
    DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
};

static async Task GetAsync(HttpClient client, string path)
{
    using var response = await client.GetAsync(path);
    if ((await response.Content.ReadAsByteArrayAsync()).Length != 13)
        throw new InvalidDataException("not the greeting");
}

static async Task DownloadAsync(HttpClient client, string path)
{
    using var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
    await (await response.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null);
}

static async Task UploadAsync(HttpClient client, string path, byte[] body)
{
    using var response = await client.PostAsync(path, new ByteArrayContent(body));
    response.EnsureSuccessStatusCode();
}

/// <summary>A load: so many connections with so many concurrent streams each, which together send so many requests.</summary>
internal sealed record Load(string Name, int Connections, int Streams, int Requests, Func<HttpClient, Task> Ask);

/// <summary>The cost of a request in microseconds of CPU time and in allocated octets, and how long the round took.</summary>
internal sealed record Figures(double Cpu, double Octets, TimeSpan Took)
{
    public Figures Least(Figures other) => new(Math.Min(Cpu, other.Cpu), Math.Min(Octets, other.Octets), Took < other.Took ? Took : other.Took);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cpu,8:0.00} us {Octets,9:0} B {Took.TotalSeconds,6:0.00} s");
}
