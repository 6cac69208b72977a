using System.CommandLine;
using System.Text.Json;
using Http2.Tool;
using Xunit;

namespace Http2.Conformance.Tests;

/// <summary>The command line of <c>http2 spec --client</c>: clients as processes, what is written, what it ends with.</summary>
public sealed class ClientToolTests
{
    private static readonly string Get = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "http2.dll")}' get";

    [Fact]
    public async Task A_client_that_passes_ends_with_0_and_the_report_names_it()
    {
        var file = Path.GetTempFileName();
        try
        {
            string[] words = ["--client", $"{Get} {{url}}", "--client-upload", $"{Get} --data {{file}} {{url}}", "--client-several", $"{Get} {{urls}}"];
            Assert.Equal(0, await Run([.. words, "client-preface/3.4/2", "client-requests/8.1/2", "client-streams/5.1.1/2", "--json", file]));
            using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file));
            Assert.Equal(3, report.RootElement.GetProperty("passed").GetInt32());
            Assert.Equal($"{Get} {{url}}", report.RootElement.GetProperty("target").GetString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_client_that_asks_for_nothing_ends_with_3() =>
        Assert.Equal(3, (await Assert.ThrowsAsync<UserErrorException>(() => Run("--client", "false", "client-preface"))).ExitCode);

    [Theory]
    [InlineData("--client", "true", "hpack")]
    [InlineData("client-preface")]
    [InlineData("--client", "true", "--exec", "true", "client-preface")]
    [InlineData("--client", "true", "client-preface/9")]
    public async Task Cases_that_are_not_for_who_is_judged_end_with_2(params string[] words) =>
        Assert.Equal(2, (await Assert.ThrowsAsync<UserErrorException>(() => Run(words))).ExitCode);

    [Fact]
    public void A_client_for_uploads_alone_is_a_mistake() =>
        Assert.Equal(2, Assert.Throws<UserErrorException>(() => Bind("--client-upload", "true")).ExitCode);

    [Fact]
    public async Task Cases_that_need_what_the_client_cannot_be_started_for_are_skipped()
    {
        var client = new ConformanceClient("one request", (_, _) => Task.FromResult(new ClientEnding(0, "", ""))) { Habits = new ClientHabits(true, true) };
        var upload = ClientSuite.Cases.First(@case => @case.Id == "client-requests/8.1/2");
        var result = await ClientSuite.RunCaseAsync(upload, client, new ConformanceOptions());
        Assert.Equal((Verdict.Skipped, "the client cannot be started for an upload"), (result.Verdict, result.Actual));
    }

    [Fact]
    public async Task What_the_end_of_a_client_tells_is_found_out_before_it_is_judged()
    {
        var lying = WrongClient.Of(Wrong.Credulous);
        var plain = new ConformanceClient("lying", (call, cancellation) => lying.RunAsync(call, cancellation));
        var malformed = ClientSuite.Cases.First(@case => @case.Id == "client-streams/6.4/2");
        // The client says nothing by its exit code, so it is not held against it.
        Assert.Equal(Verdict.Passed, (await ClientSuite.RunCaseAsync(malformed, plain, new ConformanceOptions())).Verdict);
        Assert.Equal(Verdict.Failed, (await ClientSuite.RunCaseAsync(malformed, lying, new ConformanceOptions())).Verdict);
    }

    [Fact]
    public void Addresses_and_files_are_put_into_the_command_line_in_quotation_marks()
    {
        var call = new ClientCall(ClientTask.Several, ["http://a/1?x&y", "http://a/2"], default, null, _ => { });
        var commands = new ClientCommands("get {url}") { Several = "get {urls} -x {url2} {file}" };
        Assert.Equal("get 'http://a/1?x&y' 'http://a/2' -x 'http://a/2' {file}", commands.LineFor(call));
    }

    private static Task<int> Run(params string[] words) => SpecRun.ExecuteAsync(Bind(words), default);

    private static SpecSettings Bind(params string[] words)
    {
        var root = new RootCommand { SpecCommand.Create() };
        var parsed = root.Parse(["spec", .. words]);
        Assert.Empty(parsed.Errors);
        return SpecCommand.Bind(parsed);
    }
}
