using System.Runtime.ExceptionServices;

namespace Http2.Properties.Hpack;

/// <summary>A thread whose failure is the test's failure.</summary>
internal sealed class Worker
{
    private readonly Thread _thread;
    private Exception? _failure;

    public Worker(Action body)
    {
        _thread = new Thread(() =>
        {
            try
            {
                body();
            }
            catch (Exception failure)
            {
                _failure = failure;
            }
        });
        _thread.Start();
    }

    public void Join()
    {
        _thread.Join();
        if (_failure is not null)
            ExceptionDispatchInfo.Throw(_failure);
    }
}
