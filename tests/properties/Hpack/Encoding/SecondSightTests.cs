using FsCheck.Xunit;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>Fields that go into the table when they come a second time.</summary>
public sealed class SecondSightTests
{
    private const int Span = 128;

    [Fact]
    public void A_field_that_is_put_off_goes_into_the_table_when_it_comes_again()
    {
        var state = EncoderState.Create();
        Assert.Equal("0f1303585a58", Encode(ref state, ("etag", "XZX"))); // §6.2.2, without indexing
        Assert.Empty(state.Table);
        Assert.Equal("6203585a58", Encode(ref state, ("etag", "XZX"))); // §6.2.1, with incremental indexing
        Assert.Equal("be", Encode(ref state, ("etag", "XZX"))); // §6.1, indexed
        Assert.Equal("be", Encode(ref state, ("etag", "XZX")));
    }

    [Theory]
    [InlineData("expires")]
    [InlineData("last-modified")]
    [InlineData("location")]
    public void What_each_resource_has_of_its_own_is_put_off(string name)
    {
        var state = EncoderState.Create();
        Encode(ref state, (name, "1"));
        Assert.Empty(state.Table);
        Encode(ref state, (name, "2"), (name, "1"));
        Assert.Equal([$"{name}: 1"], state.Table.Select(field => field.ToString()));
    }

    [Theory]
    [InlineData(Span - 1, true)]
    [InlineData(Span, false)]
    public void A_field_is_forgotten_when_128_others_were_put_off_after_it(int others, bool remembered)
    {
        var state = EncoderState.Create();
        Encode(ref state, ("etag", "XZX"));
        for (var i = 0; i < others; i++)
            Encode(ref state, ("etag", $"other {i}"));
        Encode(ref state, ("etag", "XZX"));
        Assert.Equal(remembered ? 1 : 0, state.Table.Count);
    }

    [Fact]
    public void Thousands_of_fields_that_never_come_again_do_not_add_up()
    {
        var state = EncoderState.Create();
        Encode(ref state, ("x-kept", "value"));
        for (var i = 0; i < 5000; i++)
        {
            Encode(ref state, ("etag", $"{i}"));
            Assert.True(state.Sighted <= 1024 && state.Log.Sightings(state.Sighted).Length <= Span);
        }
        Assert.Equal(["x-kept: value"], state.Table.Select(field => field.ToString()));
        Encode(ref state, ("etag", $"{5000 - Span}"));
        Assert.Equal(2, state.Table.Count);
    }

    [Fact]
    public void A_name_with_its_share_of_a_full_table_gets_no_more_places_at_first_sight()
    {
        var state = EncoderState.Create(1000);
        // ten fields of 100 octets; two of one name are more than a twelfth
        for (var i = 0; i < 10; i++)
            Encode(ref state, (i < 2 ? "x-request-id" : $"x-{i}-padding", Padded(i, i < 2 ? 12 : 11)));
        Assert.Equal((10, 1000), (state.Table.Count, state.Table.Size));
        var full = state;
        Encode(ref state, ("x-request-id", Padded(10, 12)));
        Assert.Equal(full.Table, state.Table);
        Encode(ref state, ("x-request-id", Padded(10, 12)));
        Assert.Equal($"x-request-id: {Padded(10, 12)}", state.Table.First().ToString());
        // a name without entries is taken in at once
        Encode(ref state, ("x-other-name", Padded(11, 12)));
        Assert.Equal($"x-other-name: {Padded(11, 12)}", state.Table.First().ToString());
        // and so is everything when the policy has no such bound
        var free = full.WithPolicy(IndexingPolicy.Default.WithShare(0));
        Encode(ref free, ("x-request-id", Padded(10, 12)));
        Assert.Equal($"x-request-id: {Padded(10, 12)}", free.Table.First().ToString());
    }

    [Fact]
    public void What_a_field_was_seen_by_belongs_to_the_state()
    {
        var before = EncoderState.Create();
        var after = before;
        Encode(ref after, ("etag", "XZX"));
        Assert.NotEqual(before, after);
        Assert.Equal(before.Table, after.Table);
        // the old state goes on as if nothing had been, however often, and so does the new one
        for (var i = 0; i < 3; i++)
        {
            EncoderState old = before, recent = after;
            Assert.Equal("0f1303585a58", Encode(ref old, ("etag", "XZX")));
            Assert.Equal("0f13035a585a", Encode(ref old, ("etag", "ZXZ")));
            Assert.Equal("6203585a58", Encode(ref recent, ("etag", "XZX")));
        }
        var same = before;
        Encode(ref same, ("etag", "XZX"));
        Assert.Equal(same, after);
        Assert.Equal(same.GetHashCode(), after.GetHashCode());
    }

    [Fact]
    public void A_writer_that_is_discarded_or_dropped_has_seen_nothing()
    {
        var state = EncoderState.Create();
        Encode(ref state, ("etag", "first"));
        var discarded = new BlockWriter(state, new OutputBuffer());
        discarded.Write("etag"u8, "XZX"u8);
        discarded.Discard();
        var again = state;
        Assert.Equal("0f1303585a58", Encode(ref again, ("etag", "XZX")));
        var dropped = new BlockWriter(state, new OutputBuffer());
        dropped.Write("etag"u8, "XZX"u8);
        again = state;
        Assert.Equal("0f1303585a58", Encode(ref again, ("etag", "XZX")));
    }

    [Fact]
    public void What_was_seen_survives_a_smaller_table()
    {
        var state = EncoderState.Create(20_000).WithPeerLimit(20_000);
        for (var i = 0; i < 300; i++)
            Encode(ref state, ($"x-{i}", new string('v', 20)));
        Encode(ref state, ("etag", "XZX"));
        state = state.WithPeerLimit(100);
        Encode(ref state, ("etag", "XZX"));
        Assert.Contains("etag: XZX", state.Table.Select(field => field.ToString()));
    }

    [Property(MaxTest = 300)]
    public void The_table_is_that_of_a_naive_encoder(int seed)
    {
        var random = new Random(seed);
        var limit = random.Next(200, 3000);
        var state = EncoderState.Create(limit);
        var model = new Model(limit);
        string[] names = ["x-a", "x-b", "accept", "etag", "last-modified", "x-request-id", ":path"];
        for (var block = 0; block < 60; block++)
        {
            var fields = Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => new HeaderField(names[random.Next(names.Length)], new string('v', random.Next(30)) + random.Next(40))).ToArray();
            state = HpackEncoder.Encode(state, fields).State;
            foreach (var field in fields)
                model.Add(field);
            Assert.Equal(model.Newest, state.Table.Select(field => field.ToString()));
        }
    }

    private static string Padded(int number, int nameLength) => number.ToString().PadLeft(100 - 32 - nameLength, '0');

    private static string Encode(ref EncoderState state, params (string Name, string Value)[] fields)
    {
        var encoded = HpackEncoder.Encode(state, [.. fields.Select(field => (HeaderField)field)]);
        state = encoded.State;
        return encoded.Block.ToHex();
    }

    // Lists, and no cleverness.
    private sealed class Model(int limit)
    {
        private readonly List<(string Name, string Field, int Size)> _entries = [];
        private readonly List<string> _seen = [];

        public IEnumerable<string> Newest => _entries.Select(entry => entry.Field).Reverse();

        public void Add(HeaderField field)
        {
            var (name, text) = (field.Name.ToString(), field.ToString());
            if (name == ":path" || _entries.Any(entry => entry.Field == text) || field.Size > limit / 4 * 3)
                return;
            var full = _entries.Sum(entry => entry.Size) + field.Size > limit;
            var crowds = full && _entries.Count(entry => entry.Name == name) > _entries.Count / 12.0;
            if ((name is "etag" or "last-modified" || crowds) && !_seen.TakeLast(Span).Contains(text))
            {
                _seen.Add(text);
                return;
            }
            while (_entries.Sum(entry => entry.Size) + field.Size > limit)
                _entries.RemoveAt(0);
            _entries.Add((name, text, field.Size));
        }
    }
}
