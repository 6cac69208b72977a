using System.CommandLine;
using Http2.Tool;

var root = new RootCommand("""
    HTTP/2 tools: a server to try clients against, a client, a load generator, the HPACK codec, and a harness that judges servers.

    Exit codes: 0 done, 1 failed (a file, a port, a certificate, a peer), 2 wrong command line.
    """);
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(GetCommand.Create());
root.Subcommands.Add(LoadCommand.Create());
root.Subcommands.Add(HpackCommand.Create());
root.Subcommands.Add(SpecCommand.Create());
root.Subcommands.Add(ReplayCommand.Create());
root.Subcommands.Add(FuzzCommand.Create());
root.Subcommands.Add(ExploreCommand.Create());
return await CommandLine.RunAsync(root, args);
