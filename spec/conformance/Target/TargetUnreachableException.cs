namespace Http2.Conformance;

/// <summary>The server to judge could not be reached, or the client to judge does not ask for what it is told to.</summary>
/// <param name="message">Who, and why not.</param>
public sealed class TargetUnreachableException(string message) : Exception(message);
