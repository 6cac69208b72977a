using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Http2.Shell;

/// <summary>
/// The body of a response: text, octets, a stream, a pipe, a sequence of chunks, a file, a function that is asked for octets, or a function that
/// writes them. Strings, byte arrays, memory and streams convert by themselves. Bodies of fixed octets (text, arrays, memory) may be used for any
/// number of responses, also at the same time. Any other body serves one response and is disposed of after it, whatever became of the response.
/// </summary>
public abstract class ResponseBody
{
    private protected ResponseBody()
    {
    }

    /// <summary>No body.</summary>
    public static ResponseBody Empty { get; } = new FixedBody(default);

    /// <summary>
    /// The length in octets, sent as <c>content-length</c> (RFC 9110 §8.6); -1 when it is not known before the body has ended.
    /// </summary>
    public abstract long Length { get; }

    /// <summary>Opens what the octets come from; null when they are all in <paramref name="octets"/>.</summary>
    internal abstract BodySource? Open(out ReadOnlyMemory<byte> octets);

    /// <summary>Gives up the body without reading it.</summary>
    internal abstract void Discard();

    /// <summary>A body of text, encoded as UTF-8.</summary>
    /// <param name="text">The text.</param>
    public static ResponseBody From(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? Empty : new FixedBody(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A body of octets. They are not copied, and must not change until the response has been sent.</summary>
    /// <param name="octets">The octets.</param>
    public static ResponseBody From(ReadOnlyMemory<byte> octets) => octets.IsEmpty ? Empty : new FixedBody(octets);

    /// <summary>
    /// A body read from a stream to its end. The stream is disposed of after use. A stream that can seek tells the length of the body.
    /// </summary>
    /// <param name="stream">The stream, read from where it stands.</param>
    public static ResponseBody From(Stream stream) => new StreamBody(stream);

    /// <summary>A body read from a stream to its end. The stream is disposed of after use.</summary>
    /// <param name="stream">The stream, read from where it stands.</param>
    /// <param name="length">How many octets the stream gives, or -1 when that is not known.</param>
    public static ResponseBody From(Stream stream, long length) => new StreamBody(stream, length);

    /// <summary>A body of chunks as they come. A chunk may be reused once the next one is asked for.</summary>
    /// <param name="chunks">The chunks; enumerated once.</param>
    /// <param name="length">The length of all chunks together in octets, or -1 when that is not known.</param>
    public static ResponseBody From(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, long length = -1) => new ChunkedBody(chunks, length);

    /// <summary>A body read from a pipe until it completes.</summary>
    /// <param name="reader">The pipe's reading end; completed after use.</param>
    public static ResponseBody From(PipeReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new StreamBody(reader.AsStream());
    }

    /// <summary>A part of an open file, read without a seek position, so that many bodies may read one handle at the same time.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where the part begins, in octets.</param>
    /// <param name="length">How long it is, in octets.</param>
    /// <param name="leaveOpen">Whether the handle stays open; when false it is disposed of after use.</param>
    public static ResponseBody FromFile(SafeFileHandle file, long offset, long length, bool leaveOpen = false) =>
        new FileBody(file, offset, length, leaveOpen ? null : file);

    /// <summary>A part of an open file that belongs to somebody else, for instance to a cache of open files.</summary>
    /// <param name="file">The file; open until <paramref name="owner"/> is disposed of.</param>
    /// <param name="offset">Where the part begins, in octets.</param>
    /// <param name="length">How long it is, in octets.</param>
    /// <param name="owner">Is disposed of once, on any thread, when the body has been sent or was given up.</param>
    public static ResponseBody FromFile(SafeFileHandle file, long offset, long length, IDisposable owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return new FileBody(file, offset, length, owner);
    }

    /// <summary>A file, opened now and closed after use.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static ResponseBody FromFile(string path)
    {
        var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        return new FileBody(file, 0, RandomAccess.GetLength(file), owner: file);
    }

    /// <summary>A body that the server asks a function for, as the client takes it.</summary>
    /// <param name="generator">Writes octets into the memory that it is given and returns how many. It is never called concurrently.</param>
    /// <param name="length">The length of the body in octets, or -1 when that is not known.</param>
    public static GeneratedBody Generate(Func<Memory<byte>, BodyRead> generator, long length = -1) => new(generator, length);

    /// <summary>
    /// A body that a function writes while it is sent. Flushing waits while the client is slow; the body ends when the function's task does.
    /// </summary>
    /// <param name="writer">Writes the body; its token is cancelled when the stream is closed before the body has ended.</param>
    /// <param name="length">The length of the body in octets, or -1 when that is not known.</param>
    public static ResponseBody Write(Func<PipeWriter, CancellationToken, Task> writer, long length = -1) => new WrittenBody(writer, length);

    /// <summary>A body of text, encoded as UTF-8.</summary>
    /// <param name="text">The text.</param>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator ResponseBody?(string? text) => text is null ? null : From(text);

    /// <summary>A body of octets, not copied.</summary>
    /// <param name="octets">The octets.</param>
    [return: NotNullIfNotNull(nameof(octets))]
    public static implicit operator ResponseBody?(byte[]? octets) => octets is null ? null : From(octets.AsMemory());

    /// <summary>A body of octets, not copied.</summary>
    /// <param name="octets">The octets.</param>
    public static implicit operator ResponseBody(ReadOnlyMemory<byte> octets) => From(octets);

    /// <summary>A body read from a stream.</summary>
    /// <param name="stream">The stream; disposed of after use.</param>
    [return: NotNullIfNotNull(nameof(stream))]
    public static implicit operator ResponseBody?(Stream? stream) => stream is null ? null : From(stream);
}
