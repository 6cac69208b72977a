using System.Globalization;
using Xunit;
using Xunit.Sdk;

namespace Http2.Properties.Differential;

/// <summary>
/// Runs connections, each from a seed of its own, until enough blocks were compared. A failure names the connection's seed; setting
/// <c>HTTP2SPEC_SEED</c> to it runs that connection first. <c>HTTP2SPEC_BLOCKS</c> asks for more blocks.
/// </summary>
internal static class DifferentialRun
{
    /// <summary>How many blocks a test compares unless told otherwise.</summary>
    private const int DefaultBlocks = 500_000;

    /// <summary>Runs connections.</summary>
    /// <param name="output">Gets the seed and the counts.</param>
    /// <param name="connection">Runs one connection from a seed; returns how many blocks it compared, and throws at a difference.</param>
    public static void Over(ITestOutputHelper output, Func<ulong, Tally, int> connection) => Over(output, DefaultBlocks, connection);

    /// <summary>Runs connections.</summary>
    /// <param name="output">Gets the seed and the counts.</param>
    /// <param name="defaultBlocks">How many blocks to compare unless told otherwise.</param>
    /// <param name="connection">Runs one connection from a seed; returns how many blocks it compared, and throws at a difference.</param>
    public static void Over(ITestOutputHelper output, int defaultBlocks, Func<ulong, Tally, int> connection)
    {
        var first = Number("HTTP2SPEC_SEED") ?? (ulong)DateTime.UtcNow.Ticks;
        var wanted = (long)(Number("HTTP2SPEC_BLOCKS") ?? (ulong)defaultBlocks);
        output.WriteLine($"HTTP2SPEC_SEED={first}, {wanted} blocks");
        var tally = new Tally();
        var (seed, blocks, connections) = (first, 0L, 0L);
        for (; blocks < wanted; seed++, connections++)
        {
            try
            {
                blocks += connection(seed, tally);
            }
            catch (Exception error)
            {
                var replay = $"replay with HTTP2SPEC_SEED={seed} (connection {connections})";
                throw new XunitException($"{error.Message}\n{replay}\n{error.StackTrace}");
            }
        }
        output.WriteLine($"{blocks} blocks over {connections} connections: {tally.Sound} sound, {tally.Refused} refused by both, "
            + $"{tally.Listed} refused by one as listed; {tally.Fields} fields");
    }

    private static ulong? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : null;
}

/// <summary>What a run has seen.</summary>
internal sealed class Tally
{
    /// <summary>Blocks that both took.</summary>
    public long Sound { get; set; }

    /// <summary>Blocks that both refused.</summary>
    public long Refused { get; set; }

    /// <summary>Blocks on which the two differ as docs/hpack-differences.md lists.</summary>
    public long Listed { get; set; }

    /// <summary>Fields of sound blocks.</summary>
    public long Fields { get; set; }
}

/// <summary>The two differ.</summary>
internal sealed class DifferenceException(string what, ReadOnlySpan<byte> block)
    : Exception($"{what}\nblock {Convert.ToHexStringLower(block)}");
