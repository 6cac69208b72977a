using System.Globalization;
using System.Net;
using System.Text;

namespace Http2.Architecture.Tests;

/// <summary>A row of a picture.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Text">A few words about it.</param>
/// <param name="Uses">The names of the rows that it leads to; all of them are rows that were given before.</param>
internal sealed record ArrowRow(string Name, string Text, IReadOnlyList<string> Uses);

/// <summary>
/// Draws rows below each other, the first at the bottom, with an arc from each row down to every row that it uses. Arcs that follow from two
/// or more others are pale. The same rows give the same picture, octet for octet.
/// </summary>
internal static class ArrowPicture
{
    private const int RowHeight = 34;
    private const int BoxHeight = 26;
    private const int BoxWidth = 640;
    private const int Margin = 12;
    private const int ArcWidth = 26;

    public static string Draw(string title, IReadOnlyList<ArrowRow> rows)
    {
        var picture = new StringBuilder();
        var height = (rows.Count * RowHeight) + (2 * Margin);
        var width = BoxWidth + (2 * Margin) + ((rows.Count + 1) * ArcWidth);
        Line(picture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif">
            <title>{WebUtility.HtmlEncode(title)}</title>
            <rect width="{width}" height="{height}" fill="#ffffff"/>
            <defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#3b6ea5"/></marker></defs>
            """);
        var reached = Reached(rows);
        foreach (var pale in new[] { true, false })
        {
            foreach (var (from, row) in rows.Index())
            {
                foreach (var to in row.Uses.Select(name => IndexOf(rows, name)).Order())
                {
                    if (row.Uses.Any(other => reached[IndexOf(rows, other)].Contains(to)) == pale)
                        Arc(picture, rows, from, to, pale);
                }
            }
        }
        foreach (var (index, row) in rows.Index())
            Box(picture, Top(rows, index), row);
        return picture.Append("</svg>\n").ToString();
    }

    private static void Box(StringBuilder picture, int top, ArrowRow row) => Line(picture, $"""
        <rect x="{Margin}" y="{top}" width="{BoxWidth}" height="{BoxHeight}" rx="4" fill="#eef3f8" stroke="#3b6ea5"/>
        <text x="{Margin + 10}" y="{top + 17}" font-size="13" font-weight="bold" fill="#1d3450">{WebUtility.HtmlEncode(row.Name)}</text>
        <text x="{Margin + 150}" y="{top + 17}" font-size="12" fill="#444444">{WebUtility.HtmlEncode(row.Text)}</text>
        """);

    private static void Arc(StringBuilder picture, IReadOnlyList<ArrowRow> rows, int from, int to, bool pale)
    {
        const int x = Margin + BoxWidth;
        var start = Top(rows, from) + (BoxHeight / 2) + 5;
        var end = Top(rows, to) + (BoxHeight / 2) - 5;
        var reach = x + (ArcWidth * (from - to)) + ArcWidth;
        var look = pale ? "stroke=\"#c9d6e4\"" : "stroke=\"#3b6ea5\" stroke-width=\"1.5\" marker-end=\"url(#tip)\"";
        Line(picture, $"""
            <path d="M{x} {start}C{reach} {start} {reach} {end} {x} {end}" fill="none" {look}><title>{WebUtility.HtmlEncode($"{rows[from].Name} names {rows[to].Name}")}</title></path>
            """);
    }

    /// <summary>For each row the rows that can be reached from it over one arrow or more.</summary>
    private static List<HashSet<int>> Reached(IReadOnlyList<ArrowRow> rows)
    {
        var reached = new List<HashSet<int>>();
        foreach (var row in rows)
        {
            var used = row.Uses.Select(name => IndexOf(rows, name)).ToList();
            reached.Add([.. used, .. used.SelectMany(index => reached[index])]);
        }
        return reached;
    }

    private static int IndexOf(IReadOnlyList<ArrowRow> rows, string name) => rows.Index().First(row => row.Item.Name == name).Index;

    private static int Top(IReadOnlyList<ArrowRow> rows, int index) => Margin + ((rows.Count - 1 - index) * RowHeight);

    private static void Line(StringBuilder picture, FormattableString text) => picture.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
