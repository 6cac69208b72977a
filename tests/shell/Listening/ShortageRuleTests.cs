using System.Runtime.Versioning;
using Xunit;

namespace Http2.Shell.Tests;

/// <summary>What errors of the system mean when something runs out, and what is kept back so that it does not.</summary>
[SupportedOSPlatform("linux")]
public sealed class ShortageRuleTests
{
    [Theory]
    [InlineData(1, nameof(AcceptOutcome.Lost))]
    [InlineData(4, nameof(AcceptOutcome.Lost))]
    [InlineData(11, nameof(AcceptOutcome.None))]
    [InlineData(12, nameof(AcceptOutcome.NoMemory))]
    [InlineData(22, nameof(AcceptOutcome.Closed))]
    [InlineData(23, nameof(AcceptOutcome.NoDescriptor))]
    [InlineData(24, nameof(AcceptOutcome.NoDescriptor))]
    [InlineData(71, nameof(AcceptOutcome.Lost))]
    [InlineData(103, nameof(AcceptOutcome.Lost))]
    [InlineData(105, nameof(AcceptOutcome.NoMemory))]
    [InlineData(110, nameof(AcceptOutcome.Lost))]
    public void Each_error_of_accept_has_its_meaning(int error, string outcome) => Assert.Equal(outcome, $"{AcceptErrors.Judge(error)}");

    [Theory]
    [InlineData(256, 96)]
    [InlineData(1024, 768)]
    [InlineData(20_000, 18_848)]
    [InlineData(100, 8)]
    [InlineData(Http2ProcessLimits.Unbounded, Http2ProcessLimits.Unbounded)]
    public void Connections_leave_descriptors_for_files_and_for_the_process_itself(long descriptors, long connections) =>
        Assert.Equal(connections, new Http2ProcessLimits(descriptors, 100, 1 << 20).Connections);

    [Theory]
    [InlineData(10, 2)]
    [InlineData(60, 20)]
    [InlineData(5000, 1024)]
    [InlineData(Http2ProcessLimits.Unbounded, 1024)]
    public void Event_loops_leave_threads_to_the_runtime(long threads, int loopThreads) =>
        Assert.Equal(loopThreads, new Http2ProcessLimits(1000, threads, 1 << 20).LoopThreads);
}
