using System.Net;
using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Descriptors of served files: how many there are, and that they come back.</summary>
public sealed class KeptFilesTests : IDisposable
{
    // Room for 16 open files, 8 of which are kept.
    private static readonly Http2ProcessLimits Few = new(32, Http2ProcessLimits.Unbounded, Http2ProcessLimits.Unbounded);

    private const int Room = 16, Kept = 8, Length = 3_000_000;

    private readonly TemporaryDirectory _temp = new();

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    private readonly DocumentRoot _root;

    public KeptFilesTests()
    {
        for (var i = 0; i < 40; i++)
            _temp.Write($"{i}.txt", $"file {i}");
        _root = new DocumentRoot(_temp.FullPath, Few, _clock);
    }

    public void Dispose()
    {
        _root.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public void The_files_that_are_kept_are_bounded_and_those_pushed_out_are_closed_at_once()
    {
        for (var i = 0; i < 40; i++)
            Find(i).Dispose();
        Assert.Equal(Kept, _root.OpenFiles);
    }

    [Fact]
    public void What_is_asked_for_again_stays_and_what_passes_by_goes()
    {
        using var popular = Find(0);
        for (var i = 1; i < 40; i++)
        {
            Find(i).Dispose();
            using var again = Find(0);
            Assert.Same(popular, again);
        }
    }

    [Fact]
    public void A_file_in_use_outlives_its_place_among_the_kept()
    {
        var file = Find(0);
        for (var i = 1; i < 40; i++)
            Find(i).Dispose();
        Assert.False(file.IsClosed);
        Assert.Equal(Kept + 1, _root.OpenFiles);
        file.Dispose();
        Assert.True(file.IsClosed);
        Assert.False(file.TryHold());
        Assert.Equal(Kept, _root.OpenFiles);
    }

    [Fact]
    public void A_file_that_nobody_asks_for_any_more_is_closed()
    {
        Find(0).Dispose();
        Find(0).Dispose();
        _clock.Advance(KeptFiles.Patience);
        Assert.Equal(1, _root.OpenFiles);
        _clock.Advance(KeptFiles.Patience);
        Assert.Equal(0, _root.OpenFiles);
        Find(0).Dispose();
        Assert.Equal(1, _root.OpenFiles);
    }

    [Fact]
    public void A_file_that_has_changed_is_closed_and_opened_anew()
    {
        var old = Find(0);
        old.Dispose();
        _temp.Write("0.txt", "another");
        using var changed = Find(0);
        Assert.True(old.IsClosed);
        Assert.Equal(7, changed.Length);
    }

    [Fact]
    public void Beyond_the_room_a_file_is_not_opened_now_and_is_once_there_is_room()
    {
        var held = Enumerable.Range(0, Room).Select(Find).ToList();
        Assert.IsType<Located.NotNow>(_root.Find(Path(Room)));
        held[3].Dispose();
        Find(Room).Dispose();
        held.Where((_, i) => i != 3).ToList().ForEach(file => file.Dispose());
        _root.Dispose();
        Assert.Equal(0, _root.OpenFiles);
    }

    [Fact]
    public async Task A_request_for_a_file_too_many_is_told_to_come_again_and_all_descriptors_come_back()
    {
        for (var i = 0; i <= Room; i++)
            _temp.Write($"large/{i}.bin", new byte[Length]);
        var site = new FileSite(_root);
        await using var serving = await Serving.StartAsync((request, _) => site.AnswerAsync(request));
        var client = serving.Client();
        var slow = new List<HttpResponseMessage>();
        for (var i = 0; i < Room; i++)
            slow.Add(await client.GetAsync($"/large/{i}.bin", HttpCompletionOption.ResponseHeadersRead));
        using (var refused = await client.GetAsync($"/large/{Room}.bin"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }
        Assert.Equal(Length, (await slow[0].Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(Length, (await client.GetByteArrayAsync($"/large/{Room}.bin")).Length);
        slow.ForEach(response => response.Dispose());
        await UntilAsync(() => serving.Server.Load.Streams == 0 && _root.OpenFiles <= Kept);
    }

    [Fact]
    public async Task Answers_without_their_body_hold_nothing()
    {
        _temp.Write("large.bin", new byte[Length]);
        var site = new FileSite(_root);
        await using var serving = await Serving.StartAsync((request, _) => site.AnswerAsync(request));
        var client = serving.Client();
        foreach (var (method, field, value) in new[]
        {
            (HttpMethod.Head, "range", "bytes=0-1"), (HttpMethod.Get, "if-none-match", "*"), (HttpMethod.Get, "if-match", "\"x\""),
            (HttpMethod.Get, "range", "bytes=99999999-"),
        })
        {
            using var response = await SendAsync(client, method, field, value);
        }
        // Cut off in the midst of one range, and of several.
        foreach (var range in new[] { "bytes=0-2000000", "bytes=0-1000000,1000002-2000000" })
        {
            using var response = await SendAsync(client, HttpMethod.Get, "range", range);
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        }
        await UntilAsync(() => serving.Server.Load.Streams == 0);
        _root.Dispose();
        await UntilAsync(() => _root.OpenFiles == 0);
    }

    [ClientFact("sh")]
    public async Task Many_distinct_files_are_served_by_a_process_with_few_descriptors()
    {
        for (var i = 0; i < 1000; i++)
            _temp.Write($"many/{i}.txt", $"{i}");
        await using var server = await ServeProcess.StartWithDescriptorsAsync(200, _temp.FullPath, "--no-tls");
        using var client = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (var i = 0; i < 1000; i += 20)
        {
            var texts = await Task.WhenAll(Enumerable.Range(i, 20).Select(n => client.GetStringAsync($"{server.Http}/many/{n}.txt")));
            Assert.Equal(Enumerable.Range(i, 20).Select(n => $"{n}"), texts);
        }
    }

    private static RequestPath Path(int number) => RequestPath.Parse($"/{number}.txt")!;

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string field, string value)
    {
        using var request = new HttpRequestMessage(method, "/large.bin")
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = client.DefaultVersionPolicy,
        };
        request.Headers.TryAddWithoutValidation(field, value);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !holds(); await Task.Yield())
            Assert.True(watch.Elapsed < Patience.Time, "it never came to that");
    }

    private Located.File Find(int number) => Assert.IsType<Located.File>(_root.Find(Path(number)));
}
