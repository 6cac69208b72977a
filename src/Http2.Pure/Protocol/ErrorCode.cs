namespace Http2.Pure;

/// <summary>Why a stream or a connection ended (RFC 9113 §7). A value that has no name here is kept as it came.</summary>
public enum ErrorCode : uint
{
    /// <summary>It ended without an error.</summary>
    NoError = 0x0,

    /// <summary>The peer broke the protocol in a way that no other code names.</summary>
    ProtocolError = 0x1,

    /// <summary>The end that sends the code failed.</summary>
    InternalError = 0x2,

    /// <summary>The peer sent more than its window.</summary>
    FlowControlError = 0x3,

    /// <summary>The peer did not acknowledge SETTINGS in time.</summary>
    SettingsTimeout = 0x4,

    /// <summary>A frame came for a stream that was closed to it.</summary>
    StreamClosed = 0x5,

    /// <summary>A frame had the wrong size.</summary>
    FrameSizeError = 0x6,

    /// <summary>The stream was refused before any work was done on it; the request may be sent again.</summary>
    RefusedStream = 0x7,

    /// <summary>The stream is no longer wanted.</summary>
    Cancel = 0x8,

    /// <summary>A header block could not be decoded; the compression state is lost.</summary>
    CompressionError = 0x9,

    /// <summary>The connection that a CONNECT request opened was reset or closed abnormally.</summary>
    ConnectError = 0xa,

    /// <summary>The peer puts too much load on the end that sends the code.</summary>
    EnhanceYourCalm = 0xb,

    /// <summary>The transport is not secure enough.</summary>
    InadequateSecurity = 0xc,

    /// <summary>HTTP/1.1 is required instead.</summary>
    Http11Required = 0xd,
}
