namespace Http2.Pure;

/// <summary>Which end of a connection it is. Both ends have the same transitions; the role is a value in the state.</summary>
public enum Role : byte
{
    /// <summary>Accepts requests and may push.</summary>
    Server,

    /// <summary>Sends requests.</summary>
    Client,
}
