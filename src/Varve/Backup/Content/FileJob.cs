using Varve.Backup.Packing;

namespace Varve.Backup.Content;

/// <summary>A part of the work on one large file, handed to whichever worker is free while another waits for it.</summary>
internal abstract class FileJob
{
    private Exception? _error;
    private bool _done;

    /// <summary>Does it. Never throws: whoever waits gets the error.</summary>
    internal void Run(ChunkSink sink)
    {
        Exception? error = null;
        try { Work(sink); }
#pragma warning disable CA1031 // stage edge: handed to the one who waits, who rethrows it
        catch (Exception e) { error = e; }
#pragma warning restore CA1031
        End(error);
    }

    /// <summary>Nobody will do it: the run is over.</summary>
    internal void Abandon() => End(new OperationCanceledException());

    internal bool IsDone
    {
        get { lock (this) { return _done; } }
    }

    /// <summary>Waits until it is done, and throws what it threw.</summary>
    internal void Wait()
    {
        AwaitEnd();
        if (_error is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_error); }
    }

    /// <summary>Waits until it is done, whatever came of it.</summary>
    internal void AwaitEnd()
    {
        lock (this)
        {
            while (!_done) { Monitor.Wait(this); }
        }
    }

    protected abstract void Work(ChunkSink sink);

    /// <summary>Gives back what it holds: it is done or abandoned.</summary>
    protected virtual void LetGo() { }

    private void End(Exception? error)
    {
        LetGo();
        lock (this)
        {
            _error = error;
            _done = true;
            Monitor.PulseAll(this);
        }
    }
}
