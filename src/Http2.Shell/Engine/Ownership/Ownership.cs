namespace Http2.Shell;

/// <summary>
/// Who may touch the state of a connection: one thread at a time, without a lock. All of it is one word, the number of a call of user code
/// above a <see cref="Mode"/>, and every change of it but those of the thread that has exclusive access is one compare-and-swap:
/// <code>
///          Enter            BeginCall             TryRevoke
///   Free ---------> Running ---------> InCall n ------------> Lent n+1 --Release--> Free
///        &lt;---------         &lt;---------          TryBorrow
///          Leave             EndCall n          &lt;---------> Lent n
///   Free &lt;--------------------- TryBorrow ----------------> Lent
/// </code>
/// <para>
/// Running and Lent are exclusive: the thread that made the change is the only one that touches the state, and the only one that changes
/// the word again, so a store will do for it. While user code runs (InCall) the state is complete, nobody is in the midst of changing it, and
/// whoever wants it takes it with a compare-and-swap: the thread that comes back from the user code (<see cref="EndCall"/>), a thread that has
/// one command to carry out and puts everything back (<see cref="TryBorrow"/>), or one that takes the connection away from a call that does
/// not come back (<see cref="TryRevoke"/>). Exactly one succeeds. The numbers never come again, so a call whose connection was taken away
/// cannot mistake a later call for itself, and is told so when it ends: from then on its thread has no more rights than any other.
/// </para>
/// <para>
/// Enter is called by one thread at a time (the Running bit of the connection's signals sees to that), so what it may have to wait for is one
/// borrowed command. A thread that waits here never waits for user code.
/// </para>
/// </summary>
internal struct Ownership
{
    private const long ModeMask = 3;
    private const long OneCall = 4;

    private long _word;

    // The thread whose Enter was the last; 0 from Leave or TryRevoke on. A thread that reads its own number behind a word that is not Free
    // is the one that the word is about: whoever comes next finds 0 here when it enters, and writes its own before any other word.
    private int _thread;

    // The thread that has borrowed the state.
    private int _borrower;

    private enum Mode : long
    {
        /// <summary>Nobody touches the state.</summary>
        Free = 0,

        /// <summary>The owner does.</summary>
        Running = 1,

        /// <summary>The owner is in user code.</summary>
        InCall = 2,

        /// <summary>Another thread does, for a moment, or the owner's thread from within user code.</summary>
        Lent = 3,
    }

    /// <summary>The thread that is the owner, or 0.</summary>
    public readonly int Thread => Volatile.Read(in _thread);

    /// <summary>The call of user code that the owner is in, or 0. Any thread.</summary>
    public readonly long Call
    {
        get
        {
            var word = Volatile.Read(in _word);
            return ModeOf(word) == Mode.InCall ? word : 0;
        }
    }

    /// <summary>
    /// The call of user code that the calling thread is in as the owner, or 0. Waits while another thread has borrowed the state.
    /// </summary>
    public readonly long CallOfThisThread()
    {
        var me = Environment.CurrentManagedThreadId;
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            var word = Volatile.Read(in _word);
            if (Volatile.Read(in _thread) != me)
                return 0;
            if (ModeOf(word) != Mode.Lent || IsBorrowedBy(word, me))
                return ModeOf(word) == Mode.InCall ? word : 0;
        }
    }

    /// <summary>Makes the calling thread the owner.</summary>
    public void Enter()
    {
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            var word = Volatile.Read(in _word);
            if (ModeOf(word) == Mode.Free && TryChange(word, With(word, Mode.Running)))
                break;
        }
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
    }

    /// <summary>The owner has done; everything of the state lies where the next one finds it.</summary>
    public void Leave()
    {
        Volatile.Write(ref _thread, 0);
        Volatile.Write(ref _word, With(_word, Mode.Free));
    }

    /// <summary>The owner goes into user code, which must be left with <see cref="EndCall"/>.</summary>
    /// <returns>The number of the call.</returns>
    public long BeginCall()
    {
        var call = With(_word + OneCall, Mode.InCall);
        Volatile.Write(ref _word, call);
        return call;
    }

    /// <summary>The owner comes back from user code.</summary>
    /// <returns>Whether it still is the owner; when not, it may touch nothing.</returns>
    public bool EndCall(long call) => TryChange(call, With(call, Mode.Running)) || EndCallLent(call);

    /// <summary>
    /// Takes the connection away from a call of user code. What was left behind is put in order by the caller, which has the state to itself
    /// until <see cref="Release"/>.
    /// </summary>
    /// <returns>False when the call has ended, was left behind before, or the state is lent at this moment.</returns>
    public bool TryRevoke(long call)
    {
        if (!TryChange(call, With(call + OneCall, Mode.Lent)))
            return false;
        Volatile.Write(ref _thread, 0);
        return true;
    }

    /// <summary>Ends what <see cref="TryRevoke"/> began; the next owner may enter.</summary>
    public void Release() => Volatile.Write(ref _word, With(_word, Mode.Free));

    /// <summary>
    /// For the owner's thread, in user code or not: exclusive access for one command. Waits while another thread has borrowed the state.
    /// </summary>
    /// <returns>The access, which must be ended; none when the thread is not the owner, or not any more.</returns>
    public Access TryAccess()
    {
        var me = Environment.CurrentManagedThreadId;
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            var word = Volatile.Read(in _word);
            if (Volatile.Read(in _thread) != me)
                return IsBorrowedBy(word, me) ? Access.Nested : default;
            switch (ModeOf(word))
            {
                case Mode.Free:
                    return default;
                case Mode.Running:
                    return Access.Nested;
                case Mode.InCall when TryLend(word, me):
                    return Access.Of(word);
                case Mode.Lent when IsBorrowedBy(word, me):
                    return Access.Nested;
                default:
                    break;
            }
        }
    }

    /// <summary>
    /// For any thread: exclusive access for one command, when nobody has it or the owner is in user code. Tried again and again it succeeds
    /// when the owner comes to the end of a run or to the next call of user code, which is in microseconds.
    /// </summary>
    /// <returns>The access, which must be ended; none for the moment.</returns>
    public Access TryBorrow()
    {
        var me = Environment.CurrentManagedThreadId;
        var word = Volatile.Read(in _word);
        return ModeOf(word) is Mode.Free or Mode.InCall && TryLend(word, me) ? Access.Of(word) : default;
    }

    /// <summary>Ends an access; everything is as it was, but for what the command did.</summary>
    public void End(Access access)
    {
        if (!access.IsLent)
            return;
        Volatile.Write(ref _borrower, 0);
        Volatile.Write(ref _word, access.Word);
    }

    private bool EndCallLent(long call)
    {
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            var word = Volatile.Read(in _word);
            if (word == call && TryChange(call, With(call, Mode.Running)))
                return true;
            // Who has borrowed it gives it back in a moment; another number means that it was taken away.
            if (word != call && word != With(call, Mode.Lent))
                return false;
        }
    }

    private bool TryLend(long word, int borrower)
    {
        if (!TryChange(word, With(word, Mode.Lent)))
            return false;
        Volatile.Write(ref _borrower, borrower);
        return true;
    }

    private readonly bool IsBorrowedBy(long word, int thread) =>
        ModeOf(word) == Mode.Lent && Volatile.Read(in _borrower) == thread;

    private bool TryChange(long from, long to) => Interlocked.CompareExchange(ref _word, to, from) == from;

    private static Mode ModeOf(long word) => (Mode)(word & ModeMask);

    private static long With(long word, Mode mode) => (word & ~ModeMask) | (long)mode;

    /// <summary>Exclusive access for one command.</summary>
    internal readonly struct Access
    {
        // The word to put back; -1 when there is nothing to put back.
        private readonly long _word;
        private readonly bool _isTaken;

        private Access(long word) => (_word, _isTaken) = (word, true);

        /// <summary>The access that the thread has anyway.</summary>
        public static Access Nested { get; } = new(-1);

        /// <summary>Whether there is one.</summary>
        public bool IsTaken => _isTaken;

        /// <summary>Whether the state was nobody's before: who borrowed it must see to it that somebody runs.</summary>
        public bool WasFree => IsLent && ModeOf(_word) == Mode.Free;

        /// <summary>The word to put back.</summary>
        internal long Word => _word;

        /// <summary>Whether there is something to put back.</summary>
        internal bool IsLent => _isTaken && _word != -1;

        internal static Access Of(long word) => new(word);
    }
}
