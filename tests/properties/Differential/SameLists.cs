using Hpack.Pure;

namespace Http2.Properties.Differential;

/// <summary>
/// Compares a list with what it was decoded to. A field that is never indexed stays so; an encoder may make others so, and both do with
/// secrets.
/// </summary>
internal static class SameLists
{
    /// <summary>Whether they are the same.</summary>
    public static bool Check(List<HeaderField> sent, FieldList got)
    {
        if (sent.Count != got.Count)
            return false;
        for (var i = 0; i < sent.Count; i++)
        {
            var wanted = sent[i];
            var field = got[i];
            if (!field.Name.SequenceEqual(wanted.Name.Span) || !field.Value.SequenceEqual(wanted.Value.Span))
                return false;
            if (wanted.NeverIndexed && !field.NeverIndexed)
                return false;
        }
        return true;
    }
}
