using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Http2.Interleavings;

/// <summary>What happens in one run, for people to read: which strand does what, with which values, and where in the code.</summary>
internal sealed class Story
{
    private const int MostLines = 2000;

    private readonly StringBuilder _text = new();
    private string _last = "";
    private int _lines;

    public override string ToString() => _text.ToString();

    /// <summary>Adds a line; called on the thread of the strand.</summary>
    public void Tell(long now, string strand, string what)
    {
        if (_lines++ > MostLines)
            return;
        var place = Place();
        var who = strand == _last ? "" : strand;
        _last = strand;
        _text.Append(CultureInfo.InvariantCulture, $"  {now,8} {who,-16} {what}{(place.Length > 0 ? $"  [{place}]" : "")}\n");
    }

    // The innermost two methods that are the product's or the scenario's.
    private static string Place()
    {
        var names = new List<string>();
        foreach (var frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod() is not { DeclaringType: { } type } method || type.Assembly == typeof(Story).Assembly)
                continue;
            if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
                continue;
            var line = frame.GetFileLineNumber();
            names.Add($"{Name(type, method)}{(line > 0 ? $":{line}" : "")}");
            if (names.Count == 2)
                break;
        }
        return string.Join(" < ", names);
    }

    // What the compiler has made of lambdas and asynchronous methods has the name of the method it was made from.
    private static string Name(Type type, System.Reflection.MethodBase method)
    {
        var made = type.Name.StartsWith('<') ? type.Name : method.Name;
        var inner = made.StartsWith('<') && made.IndexOf('>', StringComparison.Ordinal) is var end and > 1 ? made[1..end] : method.Name;
        if (inner == method.Name && method.Name.StartsWith('<') && method.Name.IndexOf('>', StringComparison.Ordinal) is var last and > 1)
            inner = method.Name[1..last];
        var outer = type;
        while (outer.Name.StartsWith('<') && outer.DeclaringType is { } around)
            outer = around;
        return $"{outer.Name}.{inner}";
    }
}
