namespace Http2.Conformance;

/// <summary>Who is judged: a server or a client. Its text is what reports call it.</summary>
public interface IConformanceSubject
{
    /// <summary>The host that it runs on, for reports.</summary>
    string Host { get; }

    /// <summary>Whether TLS is spoken.</summary>
    bool Tls { get; }
}
