namespace Http2.Interleavings.Twins;

/// <summary>Where strands may take turns. Threads that are no strands of a schedule pass.</summary>
public static class Step
{
    /// <summary>An operation on what strands share is about to happen.</summary>
    public static void Now()
    {
        if (Strand.Current is { } me)
            me.Schedule.Step(me);
        else
            Schedule.Escape();
    }

    /// <summary>The same, before an operation that the rewriting names; called by rewritten code.</summary>
    /// <param name="operation">What is about to be done.</param>
    public static void Before(string operation)
    {
        if (Strand.Current is not { } me)
        {
            Schedule.Escape();
            return;
        }
        me.Schedule.Step(me);
        me.Schedule.Tell(me, operation);
    }

    /// <summary>Rewritten code has caught an exception: the one that unwinds a strand goes on.</summary>
    public static void Caught(object exception)
    {
        if (exception is StrandStoppedException)
            throw new StrandStoppedException();
    }

    /// <summary>Waits, as a strand; see <see cref="Schedule.Wait"/>.</summary>
    internal static bool Wait(string what, Func<bool> isSo, long milliseconds = -1)
    {
        if (Strand.Current is { } me)
            return me.Schedule.Wait(me, what, isSo, milliseconds);
        return isSo() ? true : throw new InvalidOperationException($"A thread that is no strand waits for {what}.");
    }

    internal static void Tell<T>(string operation, T before, params ReadOnlySpan<T> values)
    {
        if (Strand.Current is { } me && me.Schedule.IsTold)
            me.Schedule.Tell(me, $"{operation} of {Text(before)}{string.Concat(values.ToArray().Select(static value => $", {Text(value)}"))}");
    }

    internal static void Tell(string what)
    {
        if (Strand.Current is { } me)
            me.Schedule.Tell(me, what);
    }

    private static string Text<T>(T value) => value switch
    {
        null => "null",
        string or IFormattable => $"{value}",
        _ => value.GetType().Name,
    };
}
