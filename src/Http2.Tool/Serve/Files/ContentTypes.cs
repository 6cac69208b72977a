using System.Collections.Frozen;

namespace Http2.Tool;

/// <summary>Media types by file name extension.</summary>
internal static class ContentTypes
{
    /// <summary>What a file is when nothing is known of it.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>The <c>content-type</c> of a file by its name; text is called UTF-8.</summary>
    public static string For(string fileName)
    {
        var extension = Path.GetExtension(fileName.AsSpan());
        return extension.Length > 1 && Lookup.TryGetValue(extension[1..], out var type) ? type : Unknown;
    }

    // One line a media type: type, then the extensions. Registered types where there is one (IANA), else what browsers expect.
    private const string Table = """
        text/html html htm
        application/xhtml+xml xhtml xht
        text/css css
        text/javascript js mjs cjs
        application/json json map
        application/ld+json jsonld
        application/geo+json geojson
        application/manifest+json webmanifest
        application/jsonl jsonl ndjson
        application/json5 json5
        application/yaml yaml yml
        application/toml toml
        application/xml xml xsl xsd
        application/xslt+xml xslt
        application/rss+xml rss
        application/atom+xml atom
        application/wasm wasm
        application/graphql graphql gql
        application/sql sql
        text/plain txt text log conf cfg ini env diff patch
        text/plain c h cc cpp cxx hpp cs fs fsi fsx vb java kt go rs py rb pl lua php swift ts tsx jsx sh bash zsh ps1 bat cmd
        text/markdown md markdown
        text/csv csv
        text/tab-separated-values tsv
        text/calendar ics
        text/vcard vcf
        text/vtt vtt
        text/x-component htc
        application/x-subrip srt
        image/png png
        image/apng apng
        image/jpeg jpg jpeg jpe jfif
        image/gif gif
        image/webp webp
        image/avif avif avifs
        image/heic heic
        image/heif heif
        image/jxl jxl
        image/svg+xml svg
        image/bmp bmp
        image/tiff tif tiff
        image/vnd.microsoft.icon ico cur
        image/vnd.adobe.photoshop psd
        font/woff woff
        font/woff2 woff2
        font/ttf ttf
        font/otf otf
        font/collection ttc
        application/vnd.ms-fontobject eot
        audio/mpeg mp3
        audio/mp4 m4a
        audio/aac aac
        audio/ogg ogg oga spx
        audio/opus opus
        audio/flac flac
        audio/wav wav
        audio/webm weba
        audio/midi mid midi
        audio/aiff aif aiff
        video/mp4 mp4 m4v
        video/webm webm
        video/ogg ogv
        video/quicktime mov qt
        video/matroska mkv
        video/x-msvideo avi
        video/mpeg mpeg mpg
        video/mp2t m2ts
        video/3gpp 3gp
        video/3gpp2 3g2
        video/x-flv flv
        video/x-ms-wmv wmv
        application/vnd.apple.mpegurl m3u8
        audio/mpegurl m3u
        application/dash+xml mpd
        application/pdf pdf
        application/postscript ps eps ai
        application/rtf rtf
        application/epub+zip epub
        application/msword doc dot
        application/vnd.openxmlformats-officedocument.wordprocessingml.document docx
        application/vnd.ms-excel xls
        application/vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
        application/vnd.ms-powerpoint ppt
        application/vnd.openxmlformats-officedocument.presentationml.presentation pptx
        application/vnd.oasis.opendocument.text odt
        application/vnd.oasis.opendocument.spreadsheet ods
        application/vnd.oasis.opendocument.presentation odp
        application/vnd.oasis.opendocument.graphics odg
        application/vnd.visio vsd
        application/zip zip nupkg vsix
        application/gzip gz tgz
        application/x-bzip2 bz2
        application/x-xz xz
        application/zstd zst
        application/x-brotli br
        application/x-tar tar
        application/x-7z-compressed 7z
        application/vnd.rar rar
        application/java-archive jar war ear
        application/vnd.android.package-archive apk
        application/vnd.debian.binary-package deb
        application/x-rpm rpm
        application/x-apple-diskimage dmg
        application/x-iso9660-image iso
        application/vnd.microsoft.portable-executable exe dll
        application/x-msi msi
        application/vnd.sqlite3 sqlite sqlite3 db
        application/vnd.apache.parquet parquet
        application/x-pem-file pem
        application/pkix-cert cer crt
        application/pkcs12 p12 pfx
        application/pgp-signature asc sig
        application/x-protobuf pb
        application/x-bittorrent torrent
        application/x-shockwave-flash swf
        application/mathml+xml mathml
        application/vnd.google-earth.kml+xml kml
        application/vnd.google-earth.kmz kmz
        application/gpx+xml gpx
        application/tei+xml tei
        application/trig trig
        application/n-triples nt
        text/turtle ttl
        text/n3 n3
        model/gltf+json gltf
        model/gltf-binary glb
        model/obj obj
        model/stl stl
        model/mtl mtl
        application/x-x509-ca-cert der
        """;

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Read().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static IEnumerable<KeyValuePair<string, string>> Read()
    {
        foreach (var line in Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var type = IsText(words[0]) ? words[0] + "; charset=utf-8" : words[0];
            foreach (var extension in words.AsSpan(1).ToArray())
                yield return KeyValuePair.Create(extension, type);
        }
    }

    // JSON is UTF-8 by its own standard and takes no parameter; XML says its encoding itself.
    private static bool IsText(string type) => type.StartsWith("text/", StringComparison.Ordinal);
}
