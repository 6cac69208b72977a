using Http2.Bench.Hpack;
using Http2.TestSupport;

// dotnet run -c Release --project bench/hpack [-- ROUNDS [PAGE]]
const string Stories = "hpack-test-case/raw-data";
if (!NativeHpack.IsThere)
{
    Console.Error.WriteLine("libnghttp2.so.14 is missing: install the package libnghttp2-14.");
    return 1;
}
if (Vectors.SkipReason(Stories) is { } reason)
{
    Console.Error.WriteLine(reason);
    return 1;
}
var rounds = 300;
if (args.Length > 0 && (!int.TryParse(args[0], out rounds) || rounds < 1))
{
    Console.Error.WriteLine("usage: Http2.Bench.Hpack [ROUNDS [PAGE]]");
    return 2;
}
var corpus = Corpus.Read();
foreach (var story in corpus.Stories)
    NativeHpack.Deflate(story, keep: true);
// Moves the corpus to the oldest generation, so that collections during the measurement do not go through it.
GC.Collect();
GC.Collect();
Console.Error.WriteLine("deflate");
var deflate = Run(Contenders.Deflate, Contenders.PlainDeflate);
Console.Error.WriteLine("inflate");
var inflate = Run(Contenders.Inflate, Contenders.PlainInflate);
// Behind the others, because the runtime optimises code for what ran first, and that must be stories like real traffic, not blocks of 1 MiB.
Console.Error.WriteLine("linearity");
var linearity = Linearity.Run();
Console.Error.WriteLine("python3-hpack");
var page = Report.Write(corpus, rounds, deflate, inflate, linearity, PythonHpack.Run(Vectors.Find(Stories)!));
Console.Write(page);
if (args.Length > 1)
    File.WriteAllText(args[1], page);
return 0;

// The plain codec is several times slower than the others, so it gets a tenth of the rounds.
Score[] Run(Contender[] contenders, Contender plain) =>
    [.. Rounds.Run(corpus, contenders, rounds), .. Rounds.Run(corpus, [contenders[0], plain], (rounds + 9) / 10)[1..]];
