using System.Collections.Immutable;
using Hpack.Pure;
using LanguageExt;

namespace Http2.Pure;

/// <summary>
/// Reads recordings. The octets may be any: when they are no recording, the error says where that was seen; an entry that breaks off ends the
/// list.
/// </summary>
internal ref struct RecordingReader
{
    private readonly Octets _octets;
    private int _at;
    private long _time;

    // Set when the octets broke off or an error was found: nothing is read any more.
    private bool _ended;
    private string? _error;

    private RecordingReader(Octets octets) => _octets = octets;

    /// <summary>Reads all of a recording, or says why the octets are none; exactly one of the two is null.</summary>
    public static RecordingError? Read(Octets octets, out Recording? recording)
    {
        var reader = new RecordingReader(octets);
        var error = reader.ReadAll(out recording);
        if (error is not null)
            recording = null;
        return error;
    }

    private RecordingError? ReadAll(out Recording? recording)
    {
        recording = null;
        var magic = RecordingFormat.Magic;
        if (_octets.Length < magic.Length || !_octets.Span[..magic.Length].SequenceEqual(magic))
            return new RecordingError(0, "not a recording of this version: it does not begin with H2REC and 1");
        _at = magic.Length;
        var role = Number();
        if (role > (ulong)Role.Client)
            Fail($"role {role} is neither server (0) nor client (1)");
        var options = Options();
        var opened = Varint.Unfold(Number());
        if (_ended)
            return new RecordingError(_at, _error ?? "the recording ends inside its beginning");
        _time = opened;
        recording = new Recording((Role)role, RecordingOptions.Of(options), opened, Inputs(out var sent)) { Sent = sent };
        return _error is null ? null : new RecordingError(_at, _error);
    }

    private ImmutableArray<long> Options()
    {
        var count = Number();
        if (count > (ulong)RecordingOptions.Count)
            Fail($"{count} options: the recording was made by a newer version");
        var values = ImmutableArray.CreateBuilder<long>();
        for (var i = 0ul; i < count && !_ended; i++)
        {
            var value = Number();
            if (!RecordingOptions.IsPossible(value))
                Fail($"option {i} is {value}");
            values.Add((long)value);
        }
        return values.ToImmutable();
    }

    private ImmutableArray<Input> Inputs(out Option<SentDigest> sent)
    {
        sent = Option<SentDigest>.None;
        var inputs = ImmutableArray.CreateBuilder<Input>();
        while (_at < _octets.Length)
        {
            var tag = (RecordingTag)_octets[_at++];
            if (tag == RecordingTag.Sent)
            {
                var digest = new SentDigest((long)Number(), Number());
                if (!_ended)
                    sent = digest;
                break;
            }
            var input = Entry(tag);
            if (_ended)
                break;
            inputs.Add(input!);
        }
        return inputs.ToImmutable();
    }

    private Input? Entry(RecordingTag tag) => tag switch
    {
        RecordingTag.Received => Received(),
        RecordingTag.EndOfInput => new Input.EndOfInput(),
        RecordingTag.Disconnected => new Input.Disconnected(),
        RecordingTag.Tick => new Input.Tick(Time()),
        RecordingTag.Drain => new Input.Drain(Int()),
        RecordingTag.SubmitRequest => new Input.SubmitRequest(Fields(), Bool()),
        RecordingTag.SubmitPing => new Input.SubmitPing(Number()),
        RecordingTag.SubmitSettings => Settings(),
        RecordingTag.Shutdown => new Input.Shutdown(Time()),
        RecordingTag.SetDate => new Input.SetDate(Bool() ? Field() : null),
        RecordingTag.Abort => new Input.Abort((ErrorCode)Uint()),
        RecordingTag.BoundUnread => new Input.BoundUnread(Varint.Unfold(Number())),
        RecordingTag.SubmitPriority => new Input.SubmitPriority(new StreamId(Uint() & WireConstants.MaxStreamId), Run()),
        >= RecordingTag.SubmitResponse and <= RecordingTag.Retire => OnStream(tag, new StreamId(Uint() & WireConstants.MaxStreamId)),
        _ => Unknown(tag),
    };

    private Input? OnStream(RecordingTag tag, StreamId id) => tag switch
    {
        RecordingTag.SubmitResponse => new Input.SubmitResponse(id, Head(), Run(), Bool()),
        RecordingTag.SubmitInformational => new Input.SubmitInformational(id, Head()),
        RecordingTag.SubmitData => new Input.SubmitData(id, Run(), Bool()),
        RecordingTag.SubmitTrailers => new Input.SubmitTrailers(id, Fields()),
        RecordingTag.SubmitPush => new Input.SubmitPush(id, Fields()),
        RecordingTag.SubmitReset => new Input.SubmitReset(id, (ErrorCode)Uint()),
        RecordingTag.Consume => new Input.Consume(id, Int()),
        RecordingTag.Retire => new Input.Retire(id),
        _ => Unknown(tag),
    };

    private Input? Unknown(RecordingTag tag)
    {
        Fail($"entry of unknown kind {(byte)tag}");
        return null;
    }

    private void Fail(string error) => (_error, _ended) = (error, true);

    private Input.Received Received()
    {
        var now = Time();
        return new(Run(), now);
    }

    private Input.SubmitSettings Settings()
    {
        var now = Time();
        var settings = ImmutableArray.CreateBuilder<Setting>();
        for (var left = Number(); left > 0 && !_ended; left--)
            settings.Add(new((SettingId)(ushort)Number(), Uint()));
        return new(settings.ToImmutable(), now);
    }

    private OutboundHead Head()
    {
        var (status, length) = (Int(), Varint.Unfold(Number()));
        var date = Bool() ? Field() : null;
        return new(status, Fields(), length, date);
    }

    private ImmutableArray<HeaderField> Fields()
    {
        var fields = ImmutableArray.CreateBuilder<HeaderField>();
        for (var left = Number(); left > 0 && !_ended; left--)
            fields.Add(Field());
        return fields.ToImmutable();
    }

    private HeaderField Field()
    {
        var neverIndexed = Bool();
        return new(Run(), Run(), neverIndexed);
    }

    private long Time() => _time = unchecked(_time + Varint.Unfold(Number()));

    private int Int() => (int)Math.Clamp(Varint.Unfold(Number()), int.MinValue, int.MaxValue);

    private uint Uint() => (uint)Math.Min(Number(), uint.MaxValue);

    private bool Bool()
    {
        if (_at >= _octets.Length)
            _ended = true;
        return !_ended && _octets[_at++] != 0;
    }

    private Octets Run()
    {
        var length = Number();
        if (_ended || length > (ulong)(_octets.Length - _at))
        {
            _ended = true;
            return default;
        }
        var run = _octets.Slice(_at, (int)length);
        _at += (int)length;
        return run;
    }

    private ulong Number()
    {
        if (_ended)
            return 0;
        var taken = Varint.Read(_octets.Span[_at..], out var value);
        if (taken < 0)
            Fail("a number of more than 64 bits");
        else if (taken == 0)
            _ended = true;
        else
            _at += taken;
        return _ended ? 0 : value;
    }
}
