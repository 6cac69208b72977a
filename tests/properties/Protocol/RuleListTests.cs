using System.Reflection;
using Http2.Pure;
using Xunit;

namespace Http2.Properties.Protocol;

/// <summary>
/// All rules that a peer can break, as docs/rules.txt lists them: what a fault says is what is written there. After a change that is meant,
/// write the list anew: <c>HTTP2SPEC_WRITE_API=1 dotnet test tests/properties -c Release --filter RuleListTests</c>.
/// </summary>
public sealed class RuleListTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Every_rule_is_the_one_that_is_written_down()
    {
        var path = Path.Combine(Root, "docs", "rules.txt");
        var now = Rules().Select(rule => $"{rule.Name}: {rule.Rule}").Order(StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("HTTP2SPEC_WRITE_API") == "1")
            File.WriteAllLines(path, now);
        Assert.Equal(File.ReadAllLines(path), now);
    }

    [Fact]
    public void Every_rule_names_its_document_its_section_and_what_it_asks_for()
    {
        Assert.True(Rules().Count() > 80);
        Assert.All(Rules(), found =>
        {
            Assert.True(found.Rule.Document == "policy" || found.Rule.Document.StartsWith("RFC ", StringComparison.Ordinal), found.Name);
            Assert.NotEmpty(found.Rule.Section);
            Assert.True(found.Rule.Document == "policy" || found.Rule.Section.All(c => char.IsDigit(c) || c == '.'), found.Name);
            Assert.InRange(found.Rule.Requirement.Length, 12, 120);
        });
        Assert.Equal("RFC 9113 §6.9: a", Rule.Http2("6.9", "a").ToString());
    }

    [Theory]
    [InlineData(ErrorCode.NoError, "NO_ERROR")]
    [InlineData(ErrorCode.ProtocolError, "PROTOCOL_ERROR")]
    [InlineData(ErrorCode.InternalError, "INTERNAL_ERROR")]
    [InlineData(ErrorCode.FlowControlError, "FLOW_CONTROL_ERROR")]
    [InlineData(ErrorCode.SettingsTimeout, "SETTINGS_TIMEOUT")]
    [InlineData(ErrorCode.StreamClosed, "STREAM_CLOSED")]
    [InlineData(ErrorCode.FrameSizeError, "FRAME_SIZE_ERROR")]
    [InlineData(ErrorCode.RefusedStream, "REFUSED_STREAM")]
    [InlineData(ErrorCode.Cancel, "CANCEL")]
    [InlineData(ErrorCode.CompressionError, "COMPRESSION_ERROR")]
    [InlineData(ErrorCode.ConnectError, "CONNECT_ERROR")]
    [InlineData(ErrorCode.EnhanceYourCalm, "ENHANCE_YOUR_CALM")]
    [InlineData(ErrorCode.InadequateSecurity, "INADEQUATE_SECURITY")]
    [InlineData(ErrorCode.Http11Required, "HTTP_1_1_REQUIRED")]
    [InlineData((ErrorCode)14, "UNKNOWN")]
    public void Error_codes_have_the_names_of_the_RFC(ErrorCode code, string name) => Assert.Equal(name, WireNames.Of(code));

    [Theory]
    [InlineData(SettingId.HeaderTableSize, "SETTINGS_HEADER_TABLE_SIZE")]
    [InlineData(SettingId.EnablePush, "SETTINGS_ENABLE_PUSH")]
    [InlineData(SettingId.MaxConcurrentStreams, "SETTINGS_MAX_CONCURRENT_STREAMS")]
    [InlineData(SettingId.InitialWindowSize, "SETTINGS_INITIAL_WINDOW_SIZE")]
    [InlineData(SettingId.MaxFrameSize, "SETTINGS_MAX_FRAME_SIZE")]
    [InlineData(SettingId.MaxHeaderListSize, "SETTINGS_MAX_HEADER_LIST_SIZE")]
    [InlineData(SettingId.EnableConnectProtocol, "SETTINGS_ENABLE_CONNECT_PROTOCOL")]
    [InlineData(SettingId.NoRfc7540Priorities, "SETTINGS_NO_RFC7540_PRIORITIES")]
    [InlineData((SettingId)7, "UNKNOWN")]
    public void Settings_have_the_names_of_the_RFC(SettingId id, string name) => Assert.Equal(name, WireNames.Of(id));

    private static IEnumerable<(string Name, Rule Rule)> Rules() =>
        from type in typeof(Rule).Assembly.GetTypes()
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where field.FieldType == typeof(Rule)
        select ($"{type.Name}.{field.Name}", (Rule)field.GetValue(null)!);

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Http2Spec.sln")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException("there is no Http2Spec.sln above the tests");
    }
}
