namespace Http2.Shell;

/// <summary>A client sent more TLS records without application data than it may; the connection ends with it.</summary>
internal sealed class TlsFloodException()
    : IOException("TLS records without application data came faster than EmptyTlsRecordLimit allows.");
