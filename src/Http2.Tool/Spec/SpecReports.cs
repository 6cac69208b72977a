using System.Text;
using Http2.Conformance;

namespace Http2.Tool;

/// <summary>Writes the reports that were asked for.</summary>
internal static class SpecReports
{
    public static void Write(SpecSettings settings, RunReport report)
    {
        if (settings.JUnitFile is { } junit)
            WriteText(junit, output => JUnitReport.Write(report, output));
        if (settings.MarkdownFile is { } markdown)
            WriteText(markdown, output => MarkdownReport.Write(report, output));
        if (settings.HtmlFile is { } html)
            WriteText(html, output => HtmlReport.Write(report, output));
        if (settings.JsonFile is { } json)
            WriteJson(json, output => JsonReport.Write(report, output));
    }

    /// <summary>Writes to a file, or to the standard output when it is <c>-</c>.</summary>
    public static void WriteJson(string file, Action<Stream> write)
    {
        if (file == "-")
        {
            using var output = Console.OpenStandardOutput();
            write(output);
            output.WriteByte((byte)'\n');
            return;
        }
        Guard(file, write);
    }

    private static void WriteText(string file, Action<TextWriter> write) => Guard(file, stream =>
    {
        using var output = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        write(output);
    });

    private static void Guard(string file, Action<Stream> write)
    {
        try
        {
            OutputFile.Write(file, write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot write {file}: {exception.Message.TrimEnd('.')}; name another file");
        }
    }
}
