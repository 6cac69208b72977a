using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Http2.Pure;

namespace Http2.Shell;

/// <summary>What is known of one connection. Thread-safe; counters and settings are those of the moment they are read.</summary>
public sealed class Http2ConnectionInfo
{
    private ImmutableArray<Setting> _peerSettings = [];
    private long _streamsServed;
    private long _lastInputAt;

    internal Http2ConnectionInfo(long id, EndPoint? local, EndPoint? remote) => (Id, LocalAddress, RemoteAddress) = (id, local, remote);

    /// <summary>The connection's number in this process, from 1.</summary>
    public long Id { get; }

    /// <summary>The address of this end, or null when the transport has none.</summary>
    public EndPoint? LocalAddress { get; }

    /// <summary>The address of the peer, or null when the transport has none.</summary>
    public EndPoint? RemoteAddress { get; }

    /// <summary>Whether the connection is under TLS.</summary>
    public bool IsTls => TlsProtocol != SslProtocols.None;

    /// <summary>The version of TLS, or <see cref="SslProtocols.None"/> without TLS.</summary>
    public SslProtocols TlsProtocol { get; internal init; }

    /// <summary>The cipher suite, or null without TLS.</summary>
    public TlsCipherSuite? CipherSuite { get; internal init; }

    /// <summary>The server's name in the TLS handshake (SNI, RFC 6066 §3), or null when the client named none.</summary>
    public string? ServerName { get; internal init; }

    /// <summary>The certificate that the client, which may be this end, showed in the TLS handshake, or null when it showed none.</summary>
    public X509Certificate2? ClientCertificate { get; internal init; }

    /// <summary>The certificate that the server showed in the TLS handshake, on a client's connection; else null.</summary>
    public X509Certificate2? ServerCertificate { get; internal init; }

    /// <summary>The settings that the peer has announced so far, the latest value of each, in the order of their first appearance.</summary>
    public ImmutableArray<Setting> PeerSettings => _peerSettings;

    /// <summary>How many requests came, or were sent, on this connection so far, pushed ones not counted.</summary>
    public long StreamsServed => Volatile.Read(ref _streamsServed);

    /// <summary>
    /// When this end took the input that it works on, or worked on last, as a timestamp of its <see cref="TimeProvider"/> (on a server
    /// <see cref="Http2ServerOptions.TimeProvider"/>): never earlier than the arrival of the messages that the application was given.
    /// </summary>
    public long LastInputAt
    {
        get => Volatile.Read(ref _lastInputAt);
        internal set => Volatile.Write(ref _lastInputAt, value);
    }

    internal void CountStream() => Volatile.Write(ref _streamsServed, _streamsServed + 1);

    internal void Apply(ImmutableArray<Setting> settings)
    {
        var merged = _peerSettings.ToBuilder();
        foreach (var setting in settings)
        {
            var at = merged.ToImmutable().FindIndex(setting.Id);
            if (at < 0)
                merged.Add(setting);
            else
                merged[at] = setting;
        }
        ImmutableInterlocked.InterlockedExchange(ref _peerSettings, merged.ToImmutable());
    }
}

file static class Settings
{
    public static int FindIndex(this ImmutableArray<Setting> settings, SettingId id)
    {
        for (var i = 0; i < settings.Length; i++)
        {
            if (settings[i].Id == id)
                return i;
        }
        return -1;
    }
}
