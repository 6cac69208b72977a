using System.Diagnostics;

namespace Http2.Conformance;

/// <summary>Attacks below HTTP/2, with TLS messages that HTTP/2 never sees.</summary>
internal static class AbuseTls
{
    private const int Updates = 50_000;

    // OpenSSL's client updates its keys once for each block that it reads from its input and that begins with the letter.
    private const int Block = 8 * 1024;

    public static IEnumerable<ConformanceCase> Cases => new CaseList("abuse", "45", "RFC 8446 §4.6.3")
        .Must($"{Updates:N0} KeyUpdates", "Records of TLS that bring no data cost next to nothing, and a flood of them is ended.", p =>
        {
            if (!p.Target.Tls)
                throw Probe.Skip("only over TLS");
            return Guard.Against(p, async guard =>
            {
                guard.IgnorableMillions = Updates / 1e6;
                var sent = await FloodAsync(p);
                p.Measured.Add(FormattableString.Invariant($"ended after at most {sent:N0} updates"));
                if (sent == Updates && p.Options.Strict)
                    throw Probe.Fail("the connection to be ended", "still open after all of them");
            });
        });

    /// <summary>Makes OpenSSL update the keys again and again until the server ends the connection.</summary>
    private static async Task<int> FloodAsync(Probe p)
    {
        using var openssl = OpenSslClient.Start(p, "-tls1_3");
        var output = openssl.StandardOutput.BaseStream.CopyToAsync(Stream.Null, p.Cancellation);
        var errors = openssl.StandardError.BaseStream.CopyToAsync(Stream.Null, p.Cancellation);
        var block = Octet.Fill(Block, (byte)'\n');
        block[0] = (byte)'K';
        var sent = 0;
        try
        {
            for (; sent < Updates; sent++)
                await openssl.StandardInput.BaseStream.WriteAsync(block, p.Cancellation);
            openssl.StandardInput.Close();
        }
        catch (IOException)
        {
            // The server ended the connection, so the client has exited and its input is closed.
        }
        await openssl.WaitForExitAsync(p.Cancellation);
        await Task.WhenAll(output, errors);
        return sent;
    }
}
