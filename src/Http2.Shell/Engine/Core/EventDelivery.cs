using Http2.Pure;

namespace Http2.Shell;

/// <summary>
/// Delivers what the core tells, in order, and then what was put off because it calls user code. Which event is being delivered, and how many
/// of its callbacks were called, lies in fields: an owner who is left behind in one of them leaves the rest to the next. Belongs to the
/// connection's owner.
/// </summary>
/// <param name="core">Whose events they are.</param>
/// <param name="sink">Who is told.</param>
internal sealed class EventDelivery(CoreSession core, IEventSink sink)
{
    private int _event;
    private Queue<IUserWork>? _work;

    /// <summary>How far the event is that is being delivered: moved on before each callback, so that none is called twice.</summary>
    public int Part { get; set; }

    /// <summary>Whether something was put off.</summary>
    public bool HasWork => _work is { Count: > 0 };

    /// <summary>Has user code called once the owner has nothing half done.</summary>
    public void AddWork(IUserWork work) => (_work ??= []).Enqueue(work);

    /// <summary>
    /// Delivers what the last transition told, and what the commands of the application add meanwhile. Commands given inside a callback only
    /// append, so callbacks never nest.
    /// </summary>
    /// <returns>False when a callback was left behind.</returns>
    public bool DeliverAll()
    {
        var events = core.Events;
        while (events.Count > 0 || HasWork)
        {
            for (; _event < events.Count; _event++, Part = 0)
            {
                if (!sink.Deliver(events[_event]))
                    return false;
            }
            events.Clear();
            _event = 0;
            while (_work is not null && _work.TryDequeue(out var work))
            {
                if (!work.Run())
                    return false;
            }
        }
        return true;
    }

    /// <summary>Puts events before all those whose delivery has not begun.</summary>
    public void DeliverNext(List<ConnectionEvent> events) => core.Events.InsertRange(Part > 0 ? _event + 1 : _event, events);

    /// <summary>What is left of the event that is being delivered is not delivered.</summary>
    public void SkipRest() => Part = int.MaxValue;

    /// <summary>Forgets what was told.</summary>
    public void Forget()
    {
        core.Events.Clear();
        (_event, Part) = (0, 0);
    }
}

/// <summary>Who is told what the core has told.</summary>
internal interface IEventSink
{
    /// <summary>Delivers an event, or the rest of it behind <see cref="EventDelivery.Part"/>.</summary>
    /// <returns>False when a callback was left behind.</returns>
    bool Deliver(ConnectionEvent happened);
}
