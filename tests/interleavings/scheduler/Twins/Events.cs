namespace Http2.Interleavings.Twins;

/// <summary>What the twins of the events have in common.</summary>
public abstract class Event(string name, bool isSet, bool resets) : IDisposable
{
    private bool _isSet = isSet;

    /// <summary>Whether it is set. Looking is a step of the strand that looks.</summary>
    public bool IsSet
    {
        get
        {
            Step.Now();
            Step.Tell($"{name}.IsSet", _isSet);
            return _isSet;
        }
    }

    public bool Set()
    {
        Step.Now();
        _isSet = true;
        Step.Tell($"{name}.Set");
        return true;
    }

    public bool Reset()
    {
        Step.Now();
        _isSet = false;
        Step.Tell($"{name}.Reset");
        return true;
    }

    public void Dispose()
    {
        // nothing is held
    }

    private protected bool Await(int milliseconds)
    {
        if (!Step.Wait($"{name}.Set", () => _isSet, milliseconds))
            return false;
        if (resets)
            _isSet = false;
        return true;
    }
}

/// <summary>Stands in for <see cref="System.Threading.ManualResetEventSlim"/>.</summary>
public sealed class ManualResetEventSlim(bool initialState) : Event(nameof(ManualResetEventSlim), initialState, resets: false)
{
    public new void Set() => base.Set();

    public new void Reset() => base.Reset();

    public void Wait() => Await(-1);

    public bool Wait(int milliseconds) => Await(milliseconds);

    public bool Wait(TimeSpan time) => Await((int)time.TotalMilliseconds);
}

/// <summary>Stands in for <see cref="System.Threading.WaitHandle"/>.</summary>
public abstract class WaitHandle(string name, bool isSet, bool resets) : Event(name, isSet, resets)
{
    public bool WaitOne() => Await(-1);

    public bool WaitOne(int milliseconds) => Await(milliseconds);
}

/// <summary>Stands in for <see cref="System.Threading.EventWaitHandle"/>.</summary>
public abstract class EventWaitHandle(string name, bool isSet, bool resets) : WaitHandle(name, isSet, resets);

/// <summary>Stands in for <see cref="System.Threading.AutoResetEvent"/>.</summary>
public sealed class AutoResetEvent(bool initialState) : EventWaitHandle(nameof(AutoResetEvent), initialState, resets: true);

/// <summary>Stands in for <see cref="System.Threading.ManualResetEvent"/>.</summary>
public sealed class ManualResetEvent(bool initialState) : EventWaitHandle(nameof(ManualResetEvent), initialState, resets: false);
