namespace Http2.Pure;

/// <summary>Which end of the connection a core plays. Both share one core; the role is a value.</summary>
public enum Role : byte
{
    /// <summary>Accepts requests and may push.</summary>
    Server,

    /// <summary>Sends requests.</summary>
    Client,
}
