using System.CommandLine;
using Http2.Tool;

var root = new RootCommand("""
    HTTP/2 tools: a server to try clients against, and the HPACK codec.

    Exit codes: 0 done, 1 failed (a file, a port, a certificate, a peer), 2 wrong command line.
    """);
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(HpackCommand.Create());
return await CommandLine.RunAsync(root, args);
