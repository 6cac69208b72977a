using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Xunit;

namespace Http2.Architecture.Tests;

/// <summary>The built assemblies of the pure projects hold nothing impure.</summary>
public sealed class PurityTests
{
    private const string Claim =
        "successive dynamic tables share one append-only log; a block claims its end with one compare-and-swap, and the loser copies, so that "
        + "no observer sees an entry change";

    /// <summary>The only places where a pure project may touch memory that threads share, and why.</summary>
    private static readonly (string Caller, string Callee, string Reason)[] Exceptions =
    [
        ("Hpack.Pure.TableLog", "System.Threading.Interlocked.CompareExchange", Claim),
        ("Hpack.Pure.TableLog", "System.Threading.Volatile.Write", Claim),
    ];

    /// <summary>The only fields of objects of Hpack.Pure that change after their object was made, and why nobody who reads a value sees it.</summary>
    private static readonly (string Field, string Reason)[] FieldsThatChange =
    [
        ("Hpack.Pure.FieldArena.Refs", Lent), ("Hpack.Pure.FieldArena.RefsEnd", Lent),
        ("Hpack.Pure.FieldArena.Bytes", Lent), ("Hpack.Pure.FieldArena.BytesEnd", Lent),
        ("Hpack.Pure.OutputBuffer._array", Lent), ("Hpack.Pure.OutputBuffer.Length", Lent),
        ("Hpack.Pure.HeaderField._hashes", Cache + "; the hash of the octets, 64 bits that are read and written as a whole"),
        ("Hpack.Pure.HeaderField.Verdict", Cache + "; what the rules for fields of HTTP/2 say of the octets, written by the layer above"),
        ("Hpack.Pure.TableLog._fields", Cache + "; the entries as objects: whoever is first is kept, and all that are made are equal"),
        ("Hpack.Pure.TableLog._end", Claim),
        ("Hpack.Pure.TableLog.BytesEnd", "only read and written by whoever holds the claim"),
        ("Hpack.Pure.TableLog._sightings", "appended to by whoever holds the claim; a table reads those before an end of its own only"),
    ];

    private const string Lent = "the caller lends it to one call at a time, and says when it starts over";
    private const string Cache = "a cache of a function of what does not change, so that every thread writes the same";

    public static TheoryData<string> PureAssemblies => ["Hpack.Pure", "Http2.Pure"];

    [Theory]
    [MemberData(nameof(PureAssemblies))]
    public void A_pure_assembly_has_no_tasks_streams_sockets_clocks_locks_randomness_or_changing_statics(string assembly)
    {
        using var image = Open(assembly);
        Findings.AreNone(PurityScan.Violations(image));
    }

    [Theory]
    [MemberData(nameof(PureAssemblies))]
    public void Atomics_and_pooled_arrays_are_used_only_where_a_reason_is_listed(string assembly)
    {
        using var image = Open(assembly);
        Findings.AreNone(
            from call in PurityScan.CallsToSharedMemory(image)
            where !Exceptions.Any(exception => Covers(exception, call))
            select $"{call.Caller} calls {call.Callee}");
    }

    [Fact]
    public void Every_listed_exception_is_still_used()
    {
        using var hpack = Open("Hpack.Pure");
        using var http2 = Open("Http2.Pure");
        var calls = PurityScan.CallsToSharedMemory(hpack).Concat(PurityScan.CallsToSharedMemory(http2)).ToList();
        Findings.AreNone(
            from exception in Exceptions
            where !calls.Any(call => Covers(exception, call))
            select $"{exception.Caller} calls {exception.Callee} no more");
    }

    [Fact]
    public void The_objects_of_Hpack_Pure_change_only_in_the_fields_that_are_listed()
    {
        using var image = Open("Hpack.Pure");
        Assert.Equal(FieldsThatChange.Select(field => field.Field).Order(), PurityScan.FieldsThatMayChange(image).Order());
    }

    [Fact]
    public void One_type_keeps_the_verdict_on_a_field()
    {
        using var image = Open("Http2.Pure");
        Assert.Single(
            CallSites.Of(image).Where(use => use.Callee == "Hpack.Pure.HeaderField.Verdict").Select(use => use.Caller[..use.Caller.LastIndexOf('.')])
                .Distinct());
    }

    [Theory]
    [InlineData("public int Count;", "Sample.Count")]
    [InlineData("public int Count { get; set; }", "Sample.Count")]
    [InlineData("public readonly int Count;", null)]
    [InlineData("public int Count { get; }", null)]
    [InlineData("public int Count { get; init; }", null)]
    public void The_scan_sees_which_fields_may_change(string member, string? field)
    {
        using var image = Snippet.Compile($"public sealed class Sample {{ {member} }}");
        Assert.Equal(field is null ? [] : [field], PurityScan.FieldsThatMayChange(image));
    }

    [Theory]
    [InlineData("Hpack.Pure", "LanguageExt.Core")]
    [InlineData("Http2.Pure", "LanguageExt.Core", "Hpack.Pure")]
    [InlineData("Http2.Shell", "LanguageExt.Core", "Hpack.Pure", "Http2.Pure", "Microsoft.Extensions.Logging.Abstractions")]
    public void A_project_references_only_the_layers_below_it(string assembly, params string[] allowed)
    {
        using var image = Open(assembly);
        var metadata = image.GetMetadataReader();
        var references = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name));
        Findings.AreNone(
            references.Where(name => name != "netstandard" && !name.StartsWith("System.", StringComparison.Ordinal)).Except(allowed));
    }

    [Theory]
    [InlineData("public static object F() => System.Threading.Tasks.Task.CompletedTask;", "names System.Threading.Tasks.Task")]
    [InlineData("public static async void F() => await System.Threading.Tasks.Task.Yield();", "names System.Threading.Tasks.Task")]
    [InlineData("public static System.IO.Stream F() => System.IO.Stream.Null;", "names System.IO.Stream")]
    [InlineData("public static object F() => new System.Net.Sockets.UdpClient();", "names System.Net.Sockets.UdpClient")]
    [InlineData("public static object F() => System.DateTime.UtcNow;", "uses System.DateTime.get_UtcNow")]
    [InlineData("public static object F() => System.DateTimeOffset.Now;", "uses System.DateTimeOffset.get_Now")]
    [InlineData("public static long F() => System.Environment.TickCount64;", "uses System.Environment.get_TickCount64")]
    [InlineData("public static long F() => System.Diagnostics.Stopwatch.GetTimestamp();", "names System.Diagnostics.Stopwatch")]
    [InlineData("public static void F(object o) { lock (o) { } }", "names System.Threading.Monitor")]
    [InlineData("public static void F() => new System.Threading.Thread(() => { }).Start();", "names System.Threading.Thread")]
    [InlineData("public static int F() => System.Random.Shared.Next();", "names System.Random")]
    [InlineData("public static object F() => System.Guid.NewGuid();", "uses System.Guid.NewGuid")]
    [InlineData("public static int Counter;", "has the static Sample.Counter")]
    [InlineData("public static int Counter { get; set; }", "has the static Sample.<Counter>k__BackingField")]
    [InlineData("[System.ThreadStatic] public static int Counter;", "names System.ThreadStaticAttribute")]
    [InlineData("public static readonly System.Collections.Generic.List<int> Seen = new();", "has the static Sample.Seen")]
    [InlineData(
        "[System.Runtime.InteropServices.DllImport(\"c\")] public static extern int time(int t);", "calls native code: Sample.time")]
    public void The_scan_sees_what_is_impure(string member, string violation)
    {
        using var image = Snippet.Compile($"public static class Sample {{ {member} }}");
        Assert.Contains(PurityScan.Violations(image), found => found.StartsWith(violation, StringComparison.Ordinal));
    }

    [Fact]
    public void The_scan_sees_who_uses_atomics()
    {
        using var image = Snippet.Compile("""
            using System.Threading;
            public static class Sample { public static int Next(ref int n) => Interlocked.Increment(ref n); }
            """);
        Assert.Equal([("Sample.Next", "System.Threading.Interlocked.Increment")], PurityScan.CallsToSharedMemory(image));
    }

    [Fact]
    public void The_scan_sees_who_uses_pooled_arrays()
    {
        using var image = Snippet.Compile("""
            using System.Buffers;
            public static class Sample { public static byte[] F() => ArrayPool<byte>.Shared.Rent(1); }
            """);
        Assert.Contains(("Sample.F", "System.Buffers.ArrayPool`1.Rent"), PurityScan.CallsToSharedMemory(image));
    }

    [Fact]
    public void The_scan_lets_pure_code_pass()
    {
        using var image = Snippet.Compile("""
            using System; using System.Linq;
            public static class Sample
            {
                public static readonly int[] Table = [1, 2];
                public const int C = 3;
                public static int[] F(int[] x) => x.Select(static n => n + C).ToArray();
            }
            """);
        Assert.Empty(PurityScan.Violations(image));
    }

    private static bool Covers((string Caller, string Callee, string Reason) exception, (string Caller, string Callee) call) =>
        call.Caller.StartsWith(exception.Caller + ".", StringComparison.Ordinal)
        && call.Callee.StartsWith(exception.Callee, StringComparison.Ordinal);

    private static PEReader Open(string assembly) => new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, assembly + ".dll")));
}
