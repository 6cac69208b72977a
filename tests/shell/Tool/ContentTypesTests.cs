using Http2.Tool;
using Xunit;

namespace Http2.Shell.Tests;

public sealed class ContentTypesTests
{
    [Theory]
    [InlineData("index.html", "text/html; charset=utf-8")]
    [InlineData("/deep/er/STYLE.CSS", "text/css; charset=utf-8")]
    [InlineData("app.mjs", "text/javascript; charset=utf-8")]
    [InlineData("data.json", "application/json")]
    [InlineData("app.webmanifest", "application/manifest+json")]
    [InlineData("logo.svg", "image/svg+xml")]
    [InlineData("photo.JPG", "image/jpeg")]
    [InlineData("favicon.ico", "image/vnd.microsoft.icon")]
    [InlineData("font.woff2", "font/woff2")]
    [InlineData("module.wasm", "application/wasm")]
    [InlineData("clip.mp4", "video/mp4")]
    [InlineData("song.mp3", "audio/mpeg")]
    [InlineData("archive.tar.gz", "application/gzip")]
    [InlineData("paper.pdf", "application/pdf")]
    [InlineData("README.md", "text/markdown; charset=utf-8")]
    [InlineData("README", ContentTypes.Unknown)]
    [InlineData("dot.", ContentTypes.Unknown)]
    [InlineData("thing.unheard-of", ContentTypes.Unknown)]
    public void The_extension_decides(string name, string type) => Assert.Equal(type, ContentTypes.For(name));
}
