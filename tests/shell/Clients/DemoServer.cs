using Xunit;

namespace Http2.Shell.Tests;

/// <summary>One running <c>http2 serve</c> for all tests that only ask the demo things.</summary>
public sealed class DemoServer : IAsyncLifetime
{
    private ServeProcess? _process;

    internal ServeProcess Process => _process ?? throw new InvalidOperationException("the server was not started");

    internal string Http => Process.Http;

    internal string Https => Process.Https;

    /// <summary>The cleartext or the TLS address.</summary>
    internal string Base(bool tls) => tls ? Https : Http;

    public async ValueTask InitializeAsync() => _process = await ServeProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}

/// <summary>The tests that share <see cref="DemoServer"/>.</summary>
[CollectionDefinition(Name)]
public sealed class DemoServerCollection : ICollectionFixture<DemoServer>
{
    public const string Name = "the demo server";
}
