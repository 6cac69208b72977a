using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// dotnet run -c Release --project bench/micro -- [--smoke] [BenchmarkDotNet's own options, such as --filter '*Step*']
// All benches run in this process (InProcessEmitToolchain), so that no other project has to be restored and built for each of them.
var smoke = args.Contains("--smoke");
var job = (smoke ? Job.Dry : Job.ShortRun.WithWarmupCount(5).WithIterationCount(9)).WithToolchain(InProcessEmitToolchain.Instance);
var config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).WithArtifactsPath(
    Path.Combine(Path.GetTempPath(), "http2-bench-micro"));
var rest = args.Where(argument => argument != "--smoke").ToArray();
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest, config).ToList();
// BenchmarkDotNet reports a bench that throws and goes on with the next; the exit code says that one has failed.
return summaries.Count > 0 && summaries.All(summary => summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)) ? 0 : 1;
