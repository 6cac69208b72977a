using System.Diagnostics;
using System.Globalization;

namespace Http2.Bench.Hpack;

/// <summary>Measures the Python package hpack with the same stories in its own process, for orientation. The best of three runs counts.</summary>
internal static class PythonHpack
{
    private const string Script = """
        import glob, json, sys, time
        from hpack import Encoder, Decoder
        stories = [[[tuple(*h.items()) for h in c['headers']] for c in json.load(open(f))['cases']]
                   for f in sorted(glob.glob(sys.argv[1] + '/story_*.json'))]
        headers = sum(len(c) for s in stories for c in s)
        deflate = inflate = 1e9
        for _ in range(3):
            wires, begin = [], time.process_time()
            for s in stories:
                e = Encoder(); wires.append([e.encode(c) for c in s])
            deflate = min(deflate, time.process_time() - begin)
            begin = time.process_time()
            for s in wires:
                d = Decoder(); d.max_header_list_size = 1 << 20
                for w in s: d.decode(w, raw=True)
            inflate = min(inflate, time.process_time() - begin)
        print(deflate * 1e9 / headers, inflate * 1e9 / headers, sum(len(w) for s in wires for w in s))
        """;

    // A python3 that stands first in the path may lack the package that the system's own python3 has.
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3"];

    /// <summary>
    /// How many nanoseconds it takes to encode and to decode a header, and how many octets all encoded headers have. When no python3 has the
    /// package, the result is null, and standard error says so.
    /// </summary>
    public static (double Deflate, double Inflate, long Length)? Run(string stories)
    {
        foreach (var python in Pythons)
        {
            if (Run(python, stories, out var failure) is { } result)
                return result;
            Console.Error.WriteLine($"no figures from {python}: {failure}");
        }
        return null;
    }

    private static (double Deflate, double Inflate, long Length)? Run(string python, string stories, out string failure)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", Script, stories])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = process.StandardOutput.ReadToEnd().Split(' ');
            process.WaitForExit();
            failure = errors.Result.TrimEnd().Split('\n')[^1];
            return process.ExitCode != 0 || text.Length != 3 ? null
                : (Number(text[0]), Number(text[1]), (long)Number(text[2]));
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            failure = missing.Message;
            return null;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
