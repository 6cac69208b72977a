using Http2.Pure;

namespace Http2.Exploration;

/// <summary>A connection in the midst of an exploration. Immutable, as long as nobody lets the model go on but in a copy.</summary>
/// <param name="Fold">The connection.</param>
/// <param name="Now">The time, in milliseconds: that of the last tick.</param>
/// <param name="Model">The model beside it, or null when the alphabet has inputs that the model does not know.</param>
internal sealed record Situation(ConnectionFold Fold, long Now, ModelFollower? Model)
{
    /// <summary>What counts as one state.</summary>
    /// <param name="digest">What it is computed with.</param>
    public UInt128 Digest(DigestWriter digest)
    {
        StateDigest.Add(digest, Fold, Now);
        if (Model is not null)
            ModelDigest.Add(digest, Model.Model);
        return digest.Take();
    }
}
