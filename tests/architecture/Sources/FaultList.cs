namespace Http2.Architecture.Tests;

/// <summary>A fault of spec/faults/faults.txt: text of a file, and what is planted in its place.</summary>
/// <param name="Name">The theme, and what is wrong.</param>
/// <param name="File">The path from the repository's root.</param>
/// <param name="Classes">The test classes that should notice it.</param>
/// <param name="Pairs">What stands in the file, and what is planted there; lines without their leading blanks.</param>
internal sealed record PlantedFault(string Name, string File, IReadOnlyList<string> Classes, IReadOnlyList<(string Old, string New)> Pairs)
{
    /// <summary>All faults of a list.</summary>
    public static IReadOnlyList<PlantedFault> Parse(IEnumerable<string> lines)
    {
        var faults = new List<PlantedFault>();
        var (name, file, classes) = ("", "", new List<string>());
        var (old, planted) = (new List<string>(), new List<string>());
        var pairs = new List<(string, string)>();
        foreach (var line in lines.Append("== "))
        {
            var isOld = line.StartsWith('-');
            if (!line.StartsWith('+') && !(isOld && planted.Count == 0) && old.Count > 0)
            {
                pairs.Add((string.Join('\n', old), string.Join('\n', planted)));
                (old, planted) = ([], []);
            }
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (name.Length > 0)
                    faults.Add(new PlantedFault(name, file, classes, pairs));
                (name, file, classes, pairs) = (line[3..], "", [], []);
            }
            else if (line.StartsWith("in ", StringComparison.Ordinal))
                file = line[3..];
            else if (line.StartsWith("try ", StringComparison.Ordinal))
                classes.AddRange(line[4..].Split(' ').Select(static name => name.TrimStart('*', '.')));
            else if (isOld || line.StartsWith('+'))
                (isOld ? old : planted).Add(line.Length > 2 ? line[2..].Trim() : "");
        }
        return faults;
    }

    /// <summary>What keeps the fault from being planted in a text, or null.</summary>
    public string? FindObstacle(string text)
    {
        var flat = string.Join('\n', text.Split('\n').Select(line => line.TrimStart().TrimEnd('\r')));
        foreach (var (old, planted) in Pairs)
        {
            var first = flat.IndexOf(old, StringComparison.Ordinal);
            if (old.Length == 0 || first < 0)
                return "does not stand there: " + old;
            if (flat.IndexOf(old, first + 1, StringComparison.Ordinal) >= 0)
                return "stands there more than once: " + old;
            if (old == planted)
                return "changes nothing: " + old;
            flat = flat.Replace(old, planted, StringComparison.Ordinal);
        }
        return Pairs.Count == 0 ? "nothing is planted" : null;
    }
}
