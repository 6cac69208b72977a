using System.Collections.Immutable;

namespace Http2.Pure;

/// <summary>Settings in one line of text, for logs and debuggers: <c>[MaxFrameSize = 16384]</c>.</summary>
internal static class SettingLine
{
    /// <summary>The line; <c>[]</c> when there are none.</summary>
    public static string Of(ImmutableArray<Setting> settings) => settings.IsDefault ? "[]" : $"[{string.Join(", ", settings)}]";
}
