using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

// dotnet run -c Release --project bench/micro -- [--smoke] [BenchmarkDotNet's own options, such as --filter '*Step*']
// In one process: the parts are small and warm, and nothing has to be restored or built while they are measured.
var smoke = args.Contains("--smoke");
var job = (smoke ? Job.Dry : Job.ShortRun.WithWarmupCount(5).WithIterationCount(9)).WithToolchain(InProcessEmitToolchain.Instance);
var config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).WithArtifactsPath(
    Path.Combine(Path.GetTempPath(), "http2-bench-micro"));
var rest = args.Where(argument => argument != "--smoke").ToArray();
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest.Length == 0 ? ["--filter", "*"] : rest, config).ToList();
// A bench that throws is reported and passed over; whoever runs this wants to hear of it.
return summaries.Count > 0 && summaries.All(summary => summary.Reports.Length > 0 && summary.Reports.All(report => report.Success)) ? 0 : 1;
