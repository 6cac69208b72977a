using System.Collections.Immutable;
using Hpack.Pure;
using Xunit;

namespace Http2.Properties.Hpack;

/// <summary>The values of HPACK as values: their equality, hash codes and texts, and what they refuse.</summary>
public sealed class ValueTests
{
    private static readonly HeaderField A = ("x-a", "1");
    private static readonly HeaderField B = ("x-b", "2");

    [Fact]
    public void An_error_says_what_is_wrong_where_and_by_which_rule()
    {
        Assert.Equal("an index is beyond the table, at octet 7 (RFC 7541 §2.3.3)", new HpackError(HpackErrorKind.IndexOutOfRange, 7).ToString());
        Assert.Equal("HPACK draft 08 §7.3", new HpackError(HpackErrorKind.ReferenceSetBits, 0).Rule);
        Assert.Equal("", default(HpackError).Rule);
        Assert.All(Enum.GetValues<HpackErrorKind>(), kind => Assert.NotEmpty(new HpackError(kind, 0).Message));
        Assert.All(
            Enum.GetValues<HpackErrorKind>().Where(kind => kind is not (HpackErrorKind.None or HpackErrorKind.ReferenceSetBits)),
            kind => Assert.Equal("RFC 7541 §" + new HpackError(kind, 0).Section, new HpackError(kind, 0).Rule));
    }

    [Fact]
    public void A_decoder_shows_its_limits_and_its_table()
    {
        var state = Codec.Decode(DecoderState.Create(), Octets.FromHex("4003782d610131")).State;
        Assert.Equal("decoder, at most 4096; 1 entries, 36 of 4096 octets\n[62] (s = 36) x-a: 1", state.ToString());
        Assert.Equal("decoder, at most 0, owed a size update to 0 or less; 0 entries, 0 of 0 octets", state.WithMaxTableSize(0).ToString());
    }

    [Fact]
    public void An_encoder_shows_its_limits_and_its_table()
    {
        var state = HpackEncoder.Encode(EncoderState.Create(), [A, B]).State;
        Assert.Equal(
            "encoder, at most 4096, peer's limit 4096; 2 entries, 72 of 4096 octets\n[62] (s = 36) x-b: 2\n[63] (s = 36) x-a: 1",
            state.ToString());
        Assert.Equal(
            "encoder, at most 4096, peer's limit 40, owes a size update; 1 entries, 36 of 40 octets\n[62] (s = 36) x-b: 2",
            state.WithPeerLimit(40).ToString());
    }

    [Fact]
    public void Tables_are_equal_by_content()
    {
        var one = HpackEncoder.Encode(EncoderState.Create(), [A, B]).State.Table;
        var same = HpackEncoder.Encode(HpackEncoder.Encode(EncoderState.Create(), [A]).State, [B]).State.Table;
        Assert.True(one == same && one.Equals((object)same) && !(one != same));
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.False(one.Equals((object)"something else"));
        DynamicTable[] others =
        [
            Table(4096, A), Table(4096, B, A), Table(4096, A, ("x-b", "3")), Table(4096, A, ("x-c", "2")), Table(4095, A, B), Table(4096),
            Table(4096, A, B, ("x-c", "3")), Table(4096, ("x-a1", ""), B), Table(4096, A, ("x-", "b2")),
        ];
        Assert.All(others, other => Assert.True(one != other && !one.Equals(other)));
        // hash codes may clash; that all of these do would be no accident
        Assert.Equal(others.Length, others.Select(other => other.GetHashCode()).Distinct().Count());
    }

    [Fact]
    public void Hash_codes_of_tables_tell_names_values_limits_and_where_a_name_ends_apart()
    {
        int[] hashes =
        [
            .. new[] { Table(4096, A), Table(4096, ("x-c", "1")), Table(4096, ("x-a", "2")), Table(4000, A), Table(4096, ("x-", "a1")) }
                .Select(table => table.GetHashCode()),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_state_that_shrank_is_as_quick_to_go_on_from_as_any()
    {
        var state = EncoderState.Create(20_000).WithPeerLimit(20_000);
        for (var i = 0; i < 300; i++)
            state = HpackEncoder.Encode(state, [new($"x-{i}", "1"), new("etag", $"{i}")]).State;
        foreach (var small in new[] { state.WithPeerLimit(200), state.WithPeerLimit(0) })
        {
            Assert.True(small.Log != state.Log && small.Log.Fits(200));
            Assert.True(small.Log.TryClaim(small.Window.Version));
        }
        // nothing is left to remember
        var plain = HpackEncoder.Encode(EncoderState.Create(20_000).WithPeerLimit(20_000), [new("x-a", new string('v', 9000))]).State;
        Assert.Same(TableLog.EmptyHashed, plain.WithPeerLimit(100).Log);
        // what was put off is, without an entry as well as with one
        var seen = HpackEncoder.Encode(plain, [new("etag", "1")]).State.WithPeerLimit(100);
        Assert.NotSame(TableLog.EmptyHashed, seen.Log);
        Assert.Equal(1, seen.Log.Sightings(seen.Sighted).Length);
    }

    [Fact]
    public void A_table_is_a_list_newest_first()
    {
        var table = Table(4096, A, B);
        Assert.Equal([B, A], table);
        Assert.Equal([B, A], ((System.Collections.IEnumerable)table).Cast<HeaderField>());
        Assert.Equal("x-a", System.Text.Encoding.ASCII.GetString(table.View(1).Name));
        Assert.Equal("1", System.Text.Encoding.ASCII.GetString(table.View(1).Value));
        Assert.Equal(0, table.View(1).Token);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => table[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = table.View(2); });
    }

    [Fact]
    public void Encoders_are_equal_when_all_they_know_is()
    {
        var state = EncoderState.Create(4096);
        Assert.Equal(EncoderState.Create(), state);
        Assert.Equal(EncoderState.Create().GetHashCode(), state.GetHashCode());
        EncoderState[] others =
        [
            state.WithMaxTableSize(100), state.WithPeerLimit(100), state.WithPolicy(IndexingPolicy.All),
            HpackEncoder.Encode(state, [A]).State, state.WithPeerLimit(100).WithPeerLimit(4096), state.WithPeerLimit(5000),
        ];
        Assert.All(others, other => Assert.False(state.Equals(other)));
        Assert.False(state.Equals((EncoderState?)null));
        Assert.False(state.Equals((object)"x"));
        Assert.Same(state, state.WithMaxTableSize(4096));
        Assert.Same(state, state.WithPeerLimit(4096));
        Assert.Same(state, state.WithPolicy(IndexingPolicy.Default));
    }

    [Fact]
    public void Decoders_are_equal_when_all_they_know_is()
    {
        var state = DecoderState.Create();
        Assert.Equal(DecoderState.Create(4096), state);
        DecoderState[] others =
        [
            DecoderState.Create(100), state.WithMaxTableSize(100), state.WithMaxTableSize(100).WithMaxTableSize(4096),
            Codec.Decode(state, Octets.FromHex("4003782d610131")).State, state.WithMaxTableSize(5000),
        ];
        Assert.All(others, other => Assert.False(state.Equals(other)));
        Assert.False(state.Equals((DecoderState?)null));
        Assert.Same(state, state.WithMaxTableSize(4096));
        Assert.True(state.WithMaxTableSize(100).OwesSizeUpdate);
        Assert.False(state.OwesSizeUpdate);
    }

    [Fact]
    public void Fields_are_equal_by_content_and_by_the_mark()
    {
        HeaderField same = new("x-a", "1");
        Assert.True(A.Equals(same) && A.Equals((object)same));
        Assert.Equal(A.GetHashCode(), same.GetHashCode());
        HeaderField[] others = [new("x-a", "2"), new("x-b", "1"), new("x-a", "1", neverIndexed: true), new("x-a1", ""), new("", "x-a1")];
        Assert.All(others, other => Assert.False(A.Equals(other)));
        Assert.False(A.Equals((HeaderField?)null));
        Assert.False(A.Equals((object)"x-a: 1"));
        Assert.Equal("x-a: 1", A.ToString());
        Assert.Equal(36, A.Size);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => DecoderState.Create(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DecoderState.Create().WithMaxTableSize(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EncoderState.Create(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EncoderState.Create().WithMaxTableSize(-1));
        Assert.Throws<ArgumentNullException>(() => EncoderState.Create().WithPolicy(null!));
        Assert.Throws<ArgumentNullException>(() => HpackDecoder.Decode(null!, default));
        Assert.Throws<ArgumentNullException>(() => HpackDecoder.Decode(null!, default, 1, new FieldArena(), out _, out _));
        Assert.Throws<ArgumentNullException>(() => HpackDecoder.Decode(DecoderState.Create(), default, 1, null!, out _, out _));
        Assert.Throws<ArgumentNullException>("state", () => HpackEncoder.Encode(null!, []));
        Assert.Throws<ArgumentNullException>("fields", () => HpackEncoder.Encode(EncoderState.Create(), null!));
        Assert.Throws<ArgumentNullException>("state", () => { _ = new BlockWriter(null!, new OutputBuffer()); });
        Assert.Throws<ArgumentNullException>("output", () => { _ = new BlockWriter(EncoderState.Create(), (OutputBuffer)null!); });
        Assert.Throws<ArgumentNullException>("field", () => Writing(writer => writer.Write(null!)));
        Assert.Throws<ArgumentOutOfRangeException>("status", () => Writing(writer => writer.WriteStatus(99)));
        Assert.Throws<ArgumentOutOfRangeException>("status", () => Writing(writer => writer.WriteStatus(1000)));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Writing(writer => writer.WriteContentLength(-1)));
        Assert.Throws<ArgumentNullException>(() => IndexingPolicy.FromRule(null!));
        Assert.Throws<ArgumentNullException>(() => IndexingPolicy.All.With(null!, Indexing.Never));
        Assert.Throws<ArgumentOutOfRangeException>(() => IndexingPolicy.All.WithShortCookies(-1));
    }

    [Theory]
    [InlineData(200, "88")]
    [InlineData(204, "89")]
    [InlineData(206, "8a")]
    [InlineData(304, "8b")]
    [InlineData(400, "8c")]
    [InlineData(404, "8d")]
    [InlineData(500, "8e")]
    [InlineData(100, "4882080017")]
    [InlineData(999, "48033939391")]
    public void A_status_is_one_octet_where_the_static_table_has_it(int status, string hex)
    {
        var output = new OutputBuffer();
        var writer = new BlockWriter(EncoderState.Create(), output);
        writer.WriteStatus(status);
        Assert.Equal(0, output.Length);
        writer.Complete();
        var decoded = Codec.Decode(DecoderState.Create(), Octets.Copy(output.WrittenMemory.Span));
        Assert.Equal([(":status", $"{status}")], decoded.Fields.Select(field => (field.Name.ToString(), field.Value.ToString())));
        if (hex.Length == 2)
            Assert.Equal(hex, new Octets(output.WrittenMemory).ToHex());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(1234567890)]
    [InlineData(long.MaxValue)]
    public void A_content_length_is_a_literal_that_enters_no_table(long length)
    {
        var output = new OutputBuffer();
        var writer = new BlockWriter(EncoderState.Create(), output);
        writer.WriteContentLength(length);
        Assert.Same(writer.Complete(), writer.Complete());
        var decoded = Codec.Decode(DecoderState.Create(), Octets.Copy(output.WrittenMemory.Span));
        Assert.Equal([("content-length", $"{length}")], decoded.Fields.Select(field => (field.Name.ToString(), field.Value.ToString())));
        Assert.Empty(decoded.State.Table);
    }

    [Fact]
    public void A_policy_says_what_it_decides()
    {
        Assert.Equal("else: Incremental", IndexingPolicy.All.ToString());
        Assert.Equal("else by rule", IndexingPolicy.None.ToString());
        Assert.Equal(
            "etag: Without, x-k: Never, cookie below 5 octets: Never, else: Incremental",
            IndexingPolicy.All.With("x-k", Indexing.Never).With("etag", Indexing.Without).WithShortCookies(5).ToString());
        Assert.Equal("beyond 1/7 of a full table: OnSecondSight, else: Incremental", IndexingPolicy.All.WithShare(7).ToString());
    }

    [Fact]
    public void Policies_are_equal_when_they_decide_alike_by_the_same_words()
    {
        var policy = IndexingPolicy.All.With("x-k", Indexing.Never).WithShortCookies(5);
        var same = IndexingPolicy.All.WithShortCookies(5).With("x-k", Indexing.Never);
        Assert.True(policy.Equals(same) && policy.Equals((object)same));
        Assert.Equal(policy.GetHashCode(), same.GetHashCode());
        IndexingPolicy[] others =
        [
            IndexingPolicy.All, policy.WithShortCookies(6), policy.With("x-k", Indexing.Without), policy.With("y", Indexing.Never),
            IndexingPolicy.None, policy.WithShare(7),
        ];
        Assert.All(others, other => Assert.False(policy.Equals(other)));
        // what a name decides may be left out of the hash; the names, the cookies' length and the rule are in it
        Assert.NotEqual(policy.GetHashCode(), others[0].GetHashCode());
        Assert.NotEqual(policy.GetHashCode(), others[1].GetHashCode());
        Assert.NotEqual(policy.GetHashCode(), others[3].GetHashCode());
        Assert.NotEqual(others[0].GetHashCode(), others[4].GetHashCode());
        Assert.NotEqual(policy.GetHashCode(), others[5].GetHashCode());
        Assert.Throws<ArgumentOutOfRangeException>(() => policy.WithShare(-1));
        Assert.Equal(7, policy.WithShare(7).With("y", Indexing.Never).WithShortCookies(9).Share);
        Assert.False(policy.Equals((IndexingPolicy?)null));
    }

    [Fact]
    public void A_policy_decides_by_name_by_value_and_by_rule()
    {
        var policy = IndexingPolicy.FromRule((_, value) => value.Length > 3 ? Indexing.Without : Indexing.Incremental)
            .With("x-k", Indexing.Never).With("etag", Indexing.Never).With("cookie", Indexing.Without).WithShortCookies(5);
        Indexing Decide(string name, string value) => policy.Decide(Octets.FromString(name).Span, Octets.FromString(value).Span);
        Assert.Equal(Indexing.Never, Decide("x-k", ""));
        Assert.Equal(Indexing.Never, Decide("etag", "12345"));
        Assert.Equal(Indexing.Never, Decide("cookie", "1234"));
        Assert.Equal(Indexing.Without, Decide("cookie", "12345"));
        Assert.Equal(Indexing.Without, Decide("x-j", "1234"));
        Assert.Equal(Indexing.Incremental, Decide("x-j", "123"));
        Assert.Equal(Indexing.Incremental, Decide("accept", "123"));
        Assert.Equal(Indexing.Without, Decide("accept", "1234"));
        Assert.Equal(Indexing.Without, IndexingPolicy.None.Decide("x"u8, "y"u8));
        Assert.Equal(Indexing.Incremental, IndexingPolicy.All.Decide("authorization"u8, "y"u8));
    }

    [Fact]
    public void The_default_policy_keeps_secrets_and_one_time_values_out_of_the_table()
    {
        static Indexing Decide(string name, string value) =>
            IndexingPolicy.Default.Decide(Octets.FromString(name).Span, Octets.FromString(value).Span);
        Assert.All(new[] { "authorization", "proxy-authorization", "set-cookie" }, name => Assert.Equal(Indexing.Never, Decide(name, "v")));
        Assert.Equal(Indexing.Never, Decide("cookie", new string('c', 19)));
        Assert.Equal(Indexing.Incremental, Decide("cookie", new string('c', 20)));
        string[] once = [":path", "content-length", "age", "if-modified-since", "if-none-match"];
        Assert.All(once, name => Assert.Equal(Indexing.Without, Decide(name, "v")));
        string[] perhapsTwice = ["etag", "expires", "last-modified", "location"];
        Assert.All(perhapsTwice, name => Assert.Equal(Indexing.OnSecondSight, Decide(name, "v")));
        Assert.Equal(12, IndexingPolicy.Default.Share);
        Assert.Equal(Indexing.Incremental, Decide("user-agent", "v"));
    }

    [Fact]
    public void Octets_are_equal_by_content()
    {
        var octets = Octets.FromHex("00ff41");
        Assert.True(octets == Octets.Copy([0, 255, 65]) && octets != Octets.FromHex("00ff42") && octets.Equals((object)Octets.FromHex("00FF41")));
        Assert.False(octets.Equals((object)"00ff41"));
        Assert.Equal(octets.GetHashCode(), Octets.FromHex("00ff41").GetHashCode());
        Assert.NotEqual(octets.GetHashCode(), Octets.FromHex("00ff42").GetHashCode());
        Assert.Equal((3, (byte)255, false, "00ff41"), (octets.Length, octets[1], octets.IsEmpty, octets.ToHex()));
        Assert.Equal("ff", octets.Slice(1, 1).ToHex());
        Assert.True(Octets.Empty.IsEmpty && Octets.FromString("").IsEmpty && Octets.Copy([]).IsEmpty);
        Assert.Equal("é", ((Octets)"é").ToString());
        Assert.Equal(2, ((Octets)"é").Length);
    }

    [Fact]
    public void A_buffer_grows_and_is_cut()
    {
        var buffer = new OutputBuffer(1);
        buffer.Write([1, 2, 3]);
        buffer.GetSpan(5)[0] = 4;
        buffer.Advance(1);
        buffer.GetMemory().Span[0] = 5;
        buffer.Advance(1);
        Assert.Equal([1, 2, 3, 4, 5], buffer.WrittenMemory.ToArray());
        Assert.Equal([4, 5], buffer.Written(3).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Truncate(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(1 << 20));
        buffer.Truncate(5);
        buffer.Truncate(2);
        Assert.Equal([1, 2], buffer.WrittenMemory.ToArray());
        Assert.True(buffer.GetSpan().Length >= 1 && buffer.GetMemory(1000).Length >= 1000);
    }

    private static void Writing(Action<Writer> write) => write(new Writer());

    // a ref struct cannot go into a lambda, so each call makes its own
    private sealed class Writer
    {
        public void Write(HeaderField field) => New().Write(field);

        public void WriteStatus(int status) => New().WriteStatus(status);

        public void WriteContentLength(long length) => New().WriteContentLength(length);

        private static BlockWriter New() => new(EncoderState.Create(), new OutputBuffer());
    }

    private static DynamicTable Table(int size, params ImmutableArray<HeaderField> fields) =>
        HpackEncoder.Encode(EncoderState.Create(size, IndexingPolicy.All), fields).State.Table;
}
