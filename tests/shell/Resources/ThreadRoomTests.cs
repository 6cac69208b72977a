using Xunit;

namespace Http2.Shell.Tests.Resources;

/// <summary>What the system says of threads.</summary>
public sealed class ThreadRoomTests
{
    [Fact]
    public void Threads_of_all_processes_of_the_same_real_user_are_counted()
    {
        using var directory = new TemporaryDirectory();
        Process(directory.FullPath, "self", user: 1000, threads: 30);
        Process(directory.FullPath, "17", user: 1000, threads: 30);
        Process(directory.FullPath, "18", user: 1000, threads: 12);
        Process(directory.FullPath, "19", user: 0, threads: 100);
        Directory.CreateDirectory(Path.Combine(directory.FullPath, "20"));
        Directory.CreateDirectory(Path.Combine(directory.FullPath, "sys"));
        Assert.Equal(42, ThreadRoom.CountOfUser(directory.FullPath));
    }

    [Fact]
    public void What_is_not_the_directory_of_processes_is_told()
    {
        using var directory = new TemporaryDirectory();
        Assert.ThrowsAny<IOException>(() => ThreadRoom.CountOfUser(directory.FullPath));
        Directory.CreateDirectory(Path.Combine(directory.FullPath, "self"));
        File.WriteAllText(Path.Combine(directory.FullPath, "self", "status"), "Name:\tx\n");
        Assert.Throws<FormatException>(() => ThreadRoom.CountOfUser(directory.FullPath));
    }

    [Fact]
    public void This_process_is_among_what_is_counted()
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.InRange(ThreadRoom.CountOfUser("/proc"), 2, int.MaxValue);
        Assert.NotNull(ThreadRoom.Left());
    }

    private static void Process(string processes, string name, int user, int threads)
    {
        var directory = Directory.CreateDirectory(Path.Combine(processes, name)).FullName;
        File.WriteAllText(
            Path.Combine(directory, "status"),
            $"Name:\tx y\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t{user}\t7\t7\t7\nGid:\t5\t5\t5\t5\nGroups:\t1 2 3 \nVmRSS:\t  10 kB\nThreads:\t{threads}\nSigQ:\t0/1\n");
    }
}
