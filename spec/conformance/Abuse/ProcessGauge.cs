using System.Globalization;

namespace Http2.Conformance;

/// <summary>What a process on this machine uses, read from /proc. Absent when there is no process to look at, or no /proc.</summary>
internal sealed class ProcessGauge
{
    /// <summary>Ticks of /proc/PID/stat in a second; Linux has had 100 on every platform that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly string _directory;

    private ProcessGauge(string directory) => _directory = directory;

    public static ProcessGauge? Of(int? processId)
    {
        var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}");
        return processId is not null && File.Exists(Path.Combine(directory, "status")) ? new ProcessGauge(directory) : null;
    }

    /// <summary>Resident memory now, in octets.</summary>
    public long Resident => Status("VmRSS:");

    /// <summary>The most resident memory since <see cref="ForgetPeak"/>, in octets.</summary>
    public long Peak => Status("VmHWM:");

    /// <summary>User and system time so far, in seconds.</summary>
    public double CpuSeconds
    {
        get
        {
            var stat = File.ReadAllText(Path.Combine(_directory, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12],
                CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>Begins a new peak. Without permission the old one stays, which can only make a verdict stricter.</summary>
    public void ForgetPeak()
    {
        try
        {
            File.WriteAllText(Path.Combine(_directory, "clear_refs"), "5");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            // The process belongs to another user.
        }
    }

    private long Status(string name)
    {
        foreach (var line in File.ReadLines(Path.Combine(_directory, "status")))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
                    CultureInfo.InvariantCulture) * 1024;
        }
        return 0;
    }
}
