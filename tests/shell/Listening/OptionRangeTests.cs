using Http2.Pure;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>Options that are out of range are refused; the least that are accepted serve.</summary>
public sealed class OptionRangeTests
{
    [Fact]
    public void Options_that_are_out_of_range_are_refused_by_name()
    {
        void Refused(string name, Http2ServerOptions options) =>
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => new Http2Server(options, ListeningTests.Hello)).Message);
        Refused("Port", new() { Port = 65536 });
        Refused("Endpoints[1].Port", new() { Endpoints = [new(), new() { Port = -1 }] });
        Refused("Host is ''", new() { Host = "" });
        Refused("Host is ' '", new() { Host = " " });
        Refused("Endpoints[0].Host is ''", new() { Endpoints = [new() { Host = "" }] });
        Refused("Endpoints[0].UnixSocketPath", new() { Endpoints = [new() { UnixSocketPath = "" }] });
        Refused("Endpoints[0].UnixSocketPath", new() { Endpoints = [new() { UnixSocketPath = "a\0b" }] });
        Refused("Endpoints[0].UnixSocketMode", new() { Endpoints = [new() { UnixSocketMode = UnixFileMode.UserWrite }] });
        Refused("MaxConnections", new() { MaxConnections = 0 });
        Refused("SendTimeout", new() { SendTimeout = TimeSpan.Zero });
        Refused("MaxFrameSize", new() { Connection = new() { MaxFrameSize = 100 } });
        Refused("MaxBodyBuffersPerConnection", new() { MaxBodyBuffersPerConnection = 8191 });
        Refused("GlitchLimit.Burst", new() { Connection = new() { GlitchLimit = new(-1, 0) } });
        Refused("IdleTimeout", new() { Connection = new() { IdleTimeout = TimeSpan.Zero } });
        Refused("InitialStreamWindow", new() { Connection = new() { InitialStreamWindow = -1 } });
        Refused("MaxExaminedPerRequest", new() { MaxExaminedPerRequest = 16_383 });
        Refused("MaxExaminedPerConnection", new() { MaxExaminedPerConnection = 16_383 });
        Refused("MaxUnreadPerConnection", new() { Connection = new() { MaxUnreadPerConnection = -1 } });
    }

    /// <summary>The protocol allows them, and a client that meets them waits for ever or is refused with every request.</summary>
    [Fact]
    public void Options_that_leave_no_usable_server_are_refused_by_name()
    {
        void Refused(string message, ConnectionOptions limits)
        {
            var options = new Http2ServerOptions { Connection = limits };
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => new Http2Server(options, ListeningTests.Hello)).Message);
        }
        Refused("The option MaxConcurrentStreams is 0; it must be 1 to 2147483647.", new() { MaxConcurrentStreams = 0 });
        foreach (var window in new[] { 0, 1, 1000, 16_383 })
            Refused($"The option InitialStreamWindow is {window}; it must be 16384 to 2147483647.", new() { InitialStreamWindow = window });
        Refused("The option MaxHeaderListSize is 2047; it must be 2048 to 2147483647.", new() { MaxHeaderListSize = 2047 });
        Refused("The option MaxHeaderFields is 31; it must be 32 to 2147483647.", new() { MaxHeaderFields = 31 });
        Refused("The option MaxSettingsEntries is 7; it must be 8 to 2147483647.", new() { MaxSettingsEntries = 7 });
        Refused("The option GlitchLimit.Burst is 15; it must be 16 to 2147483647.", new() { GlitchLimit = new(15, 1) });
        Refused("The option GlitchLimit.PerSecond is 0; it must be 1 to 2147483647.", new() { GlitchLimit = new(16, 0) });
    }

    /// <summary>The least of every limit that is a number of octets, frames or streams, with real requests.</summary>
    [Fact]
    public async Task The_least_values_that_are_accepted_serve_HttpClient_both_ways()
    {
        ConnectionOptions[] least =
        [
            new() { MaxConcurrentStreams = 1 }, new() { InitialStreamWindow = 16_384 }, new() { InitialConnectionWindow = 65_535 },
            new() { InitialStreamWindow = 16_384, InitialConnectionWindow = 65_535, MaxUnreadPerConnection = 1, MaxConcurrentStreams = 1 },
            new() { EncoderTableSize = 0 }, new() { MaxHeaderListSize = 2048, MaxHeaderFields = 32, MaxCookieCrumbs = 0 },
            new() { MaxContinuations = 0, MaxEmptyContinuations = 0, MaxPushes = 0, MaxSettingsEntries = 8 },
            new() { GlitchLimit = new(16, 1), ControlFrameLimit = new(0, 0), CausedResetLimit = new(0, 0), PeerResetLimit = new(0, 0) },
            new() { LastStreamBeforeShutdown = 1 },
        ];
        foreach (var options in least)
        {
            await using var serving = await Serving.StartAsync(
                async (request, cancellation) =>
                {
                    using var body = new MemoryStream();
                    await request.BodyStream.CopyToAsync(body, cancellation);
                    return new(200, [], body.ToArray());
                },
                Serving.Loopback with { Connection = options });
            var client = serving.Client();
            var requests = Enumerable.Range(0, 4).Select(async i =>
            {
                var answer = await client.PostAsync("/", new ByteArrayContent(new byte[i * 100_000]));
                Assert.Equal(i * 100_000, (await answer.Content.ReadAsByteArrayAsync()).Length);
            });
            await Task.WhenAll(requests);
        }
    }

    /// <summary>
    /// HttpClient has no table either, but never says that it took ours back, which ends its connection once it has acknowledged our SETTINGS
    /// (RFC 9113 §4.3.1): before that it is served. Clients that do as the RFC says are served throughout.
    /// </summary>
    [Fact]
    public async Task A_decoder_without_a_table_serves_clients_that_say_that_they_use_none()
    {
        await using var serving = await Serving.StartAsync(
            ListeningTests.Hello, Serving.Loopback with { Connection = new() { DecoderTableSize = 0, EncoderTableSize = 0 } });
        await using var client = await RawClient.ConnectAsync(serving);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await client.Response(await client.RequestAsync("/"))).Head.Status);
            await client.SettleAsync();
        }
        // HttpClient announces no smaller table: its requests are an error from the one on that follows its acknowledgement of SETTINGS.
        var other = serving.Client();
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            while (true)
                Assert.True((await other.GetAsync("/")).IsSuccessStatusCode);
        });
        await serving.Log.SeeAsync(13);
        Assert.Contains(serving.Log.Lines, line => line.Event == 13 && line.Text.Contains("CompressionError", StringComparison.Ordinal));
    }
}
